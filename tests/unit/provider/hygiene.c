/* SPDX-License-Identifier: MIT */
/*
 * Programs have macros of their own, with short names. None of these may get into an event's way:
 * this file turns every word that the headers use without a prefix into nonsense, and then writes
 * events. A macro of the headers that lets such a word through does not compile.
 */
#include "golden.h"

static int write_small(void);
static int write_large(void);
static bool ask(void);

TestSuite(hygiene, .init = golden_open);

Test(hygiene, events_are_written)
{
	golden_compare(__FILE__, __LINE__, write_small(),
		       "07 00 00 00 00 00 00 01 "
		       "0c 00 01 00 'E' 00 'f' 00 02 's' 00 81 01 'g' 00 0a  01 02 00 'hi'");
	cr_assert_eq(write_large(), 0);
	cr_assert(ask());
}

#define ID	      % % ID is a macro of the program % %
#define LEVEL	      % % LEVEL is a macro of the program % %
#define KEYWORD	      % % KEYWORD is a macro of the program % %
#define OPCODE	      % % OPCODE is a macro of the program % %
#define TAG	      % % TAG is a macro of the program % %
#define FORMAT	      % % FORMAT is a macro of the program % %
#define ACTIVITY      % % ACTIVITY is a macro of the program % %
#define NAME	      % % NAME is a macro of the program % %
#define ERROR	      % % ERROR is a macro of the program % %
#define FIELD	      % % FIELD is a macro of the program % %
#define TEXT	      % % TEXT is a macro of the program % %
#define SECOND	      % % SECOND is a macro of the program % %
#define NO	      % % NO is a macro of the program % %
#define END	      % % END is a macro of the program % %
#define U8	      % % U8 is a macro of the program % %
#define U32	      % % U32 is a macro of the program % %
#define STR8	      % % STR8 is a macro of the program % %
#define STRUCT	      % % STRUCT is a macro of the program % %
#define level	      % % level is a macro of the program % %
#define keyword	      % % keyword is a macro of the program % %
#define opcode	      % % opcode is a macro of the program % %
#define tag	      % % tag is a macro of the program % %
#define format	      % % format is a macro of the program % %
#define activity      % % activity is a macro of the program % %
#define related	      % % related is a macro of the program % %
#define name	      % % name is a macro of the program % %
#define value	      % % value is a macro of the program % %
#define values	      % % values is a macro of the program % %
#define count	      % % count is a macro of the program % %
#define size	      % % size is a macro of the program % %
#define text	      % % text is a macro of the program % %
#define provider      % % provider is a macro of the program % %
#define event	      % % event is a macro of the program % %
#define word	      % % word is a macro of the program % %
#define fields	      % % fields is a macro of the program % %
#define field	      % % field is a macro of the program % %
#define item	      % % item is a macro of the program % %
#define items	      % % items is a macro of the program % %
#define list	      % % list is a macro of the program % %
#define kind	      % % kind is a macro of the program % %
#define type	      % % type is a macro of the program % %
#define encoding      % % encoding is a macro of the program % %
#define integer	      % % integer is a macro of the program % %
#define number	      % % number is a macro of the program % %
#define boolean	      % % boolean is a macro of the program % %
#define address	      % % address is a macro of the program % %
#define bytes	      % % bytes is a macro of the program % %
#define block	      % % block is a macro of the program % %
#define array	      % % array is a macro of the program % %
#define bits	      % % bits is a macro of the program % %
#define unit	      % % unit is a macro of the program % %
#define units	      % % units is a macro of the program % %
#define members	      % % members is a macro of the program % %
#define initializers  % % initializers is a macro of the program % %
#define checks	      % % checks is a macro of the program % %
#define code	      % % code is a macro of the program % %
#define fixed	      % % fixed is a macro of the program % %
#define variable      % % variable is a macro of the program % %
#define option	      % % option is a macro of the program % %
#define none	      % % none is a macro of the program % %
#define pieces	      % % pieces is a macro of the program % %
#define unsent	      % % unsent is a macro of the program % %
#define iov	      % % iov is a macro of the program % %
#define copy	      % % copy is a macro of the program % %
#define start	      % % start is a macro of the program % %
#define end	      % % end is a macro of the program % %
#define begin	      % % begin is a macro of the program % %
#define added	      % % added is a macro of the program % %
#define adder	      % % adder is a macro of the program % %
#define place	      % % place is a macro of the program % %
#define own	      % % own is a macro of the program % %
#define registered    % % registered is a macro of the program % %
#define tracepoint    % % tracepoint is a macro of the program % %
#define next	      % % next is a macro of the program % %
#define group	      % % group is a macro of the program % %
#define symbol	      % % symbol is a macro of the program % %
#define here	      % % here is a macro of the program % %
#define packed	      % % packed is a macro of the program % %
#define used	      % % used is a macro of the program % %
#define retain	      % % retain is a macro of the program % %
#define section	      % % section is a macro of the program % %
#define weak	      % % weak is a macro of the program % %
#define destructor    % % destructor is a macro of the program % %
#define visibility    % % visibility is a macro of the program % %
#define hidden	      % % hidden is a macro of the program % %
#define always_inline % % always_inline is a macro of the program % %
#define length	      % % length is a macro of the program % %
#define blocks	      % % blocks is a macro of the program % %
#define rest	      % % rest is a macro of the program % %
#define part	      % % part is a macro of the program % %
#define counts	      % % counts is a macro of the program % %
#define low	      % % low is a macro of the program % %
#define high	      % % high is a macro of the program % %
#define one	      % % one is a macro of the program % %
#define two	      % % two is a macro of the program % %
#define id	      % % id is a macro of the program % %
#define how	      % % how is a macro of the program % %
#define f32	      % % f32 is a macro of the program % %
#define f64	      % % f64 is a macro of the program % %
#define p	      % % p is a macro of the program % %
#define l	      % % l is a macro of the program % %
#define M	      % % M is a macro of the program % %
#define T	      % % T is a macro of the program % %
#define e	      % % e is a macro of the program % %
#define f	      % % f is a macro of the program % %
#define t	      % % t is a macro of the program % %
#define k1	      % % k1 is a macro of the program % %
#define v1	      % % v1 is a macro of the program % %
#define of	      % % of is a macro of the program % %
#define tk	      % % tk is a macro of the program % %
#define fk	      % % fk is a macro of the program % %

static int write_small(void)
{
	return EVH_WRITE(golden, "E", EVH_LEVEL(1), EVH_KEYWORD(1), EVH_OPCODE(0), EVH_TAG(0),
			 EVH_U8("f", 1), EVH_STRUCT("s", EVH_STR8("g", "hi", 2)));
}

static int write_large(void)
{
	static const uint8_t sixteen[16] = { 1 };
	const uint32_t numbers[2] = { 1, 2 };

	return EVH_WRITE(golden, "E", EVH_ID(1, 1), EVH_ACTIVITY_RELATED(sixteen, sixteen),
			 EVH_F32("a", 1), EVH_BOOL8("b", true), EVH_POINTER("c", numbers),
			 EVH_GUID("d", sixteen), EVH_U32_ARRAY("e", numbers, 2),
			 EVH_U32_VARRAY("g", numbers, 2, EVH_TAG(1), EVH_FORMAT(3)),
			 EVH_ZSTR8_JSON("h", "{}"), EVH_BINARY("i", sixteen, 3),
			 EVH_RAW_STRUCT_VARRAY("j", 1), EVH_RAW_META("k", EVH_ENCODING_VALUE8),
			 EVH_RAW_DATA(sixteen, 2),
			 EVH_RAW_FIELD("m", EVH_ENCODING_VALUE8, sixteen, 1));
}

static bool ask(void)
{
	return EVH_ENABLED(golden, 5, 1);
}
