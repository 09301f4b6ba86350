# SPDX-License-Identifier: MIT
"""The page of --output=html in a real browser: it opens without the network, filters, stays usable
with 200,000 lines, on a phone and in the dark; and Chromium's trace viewer takes the trace.

    look.py [--screenshots=FOLDER] LIGHTHOUSE GL-MATRIX     (unpacked npm packages; see run.sh)
"""
import json
import os
import subprocess
import sys
import tempfile
import time

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from harness import LOGTAP
from perfdata import Event, Writer, exit_event, message_event, process_event

WALL = 1795287001 * 10**9
LEVELS = {"err": 2, "warning": 3, "info": 4, "debug": 5, "crit": 1}
EVENTS = {level: Event(f"logtap_L{number}K2", 1000 + number, ids=(100 + number,)) for level, number in LEVELS.items()}
NEWS = Event("logtap_L4K4", 1009, ids=(109,))
PROGRAMS = ("make", "cc1", "ld", "sh", "nginx", "sshd", "cron", "postgres", "git", "dpkg", "python3", "node", "perl")
HOSTILE = "</script><script>document.title='hacked'</script><img src=x onerror=\"document.title='hacked'\"> \u202e \u00e9"
failures = []


def check(what, fact, seen=""):
    print(("ok      " if fact else "FAILED  ") + what + ("" if fact else f": {seen!r}"), flush=True)
    if not fact:
        failures.append(what)


def recording(count):
    writer, out = Writer(), []
    for index, program in enumerate(PROGRAMS):
        out.append(writer.sample(NEWS, process_event("/usr/bin/" + program, start=WALL // 10**9,
                                                     cgroup=f"/system.slice/{program}.service"), pid=100 + index, tid=100 + index))
    for number in range(count):
        which = (number * number // 7 + number // 1000) % len(PROGRAMS)
        level = "err" if number % 50 == 0 else "warning" if number % 17 == 0 else "debug" if number % 5 == 0 else "info"
        text = HOSTILE if number == 3 else f"line {number}: request {number * 7919 % 100000} took {number % 977} ms"
        out.append(writer.sample(EVENTS[level], message_event("stderr", text, level=level, ident=PROGRAMS[which],
                                                              severity=LEVELS[level]),
                                 pid=100 + which, tid=100 + which + number % 2, time=number * 10**6 + 5))
    out.append(writer.sample(NEWS, exit_event(1), pid=101, tid=101, time=count * 10**6))
    return writer.pipe([*EVENTS.values(), NEWS], b"".join(out), (WALL, 0))


def browser(width=1280, height=800, dark=False):
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", f"--window-size={width},{height}",
                     "--host-resolver-rules=MAP * ~NOTFOUND"):
        options.add_argument(argument)
    if dark:
        options.add_argument("--force-dark-mode")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.binary_location = "/usr/bin/chromium"
    driver = webdriver.Chrome(options=options, service=webdriver.chrome.service.Service("/usr/bin/chromedriver"))
    if dark:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
    return driver


def shown(driver):
    return driver.find_element(By.ID, "shown").text


def wait(driver, fact):
    WebDriverWait(driver, 20).until(lambda _: fact())


def rows(driver):
    """In one step: scrolling makes new ones."""
    return driver.execute_script("return [...document.querySelectorAll('#space .row')].map(row => row.innerText)")


def picture(driver, folder, name):
    if folder:
        driver.save_screenshot(os.path.join(folder, name + ".png"))


def look_at_page(driver, url, folder):
    begin = time.monotonic()
    driver.get(url)
    wait(driver, lambda: "lines" in shown(driver))
    took = time.monotonic() - begin
    check(f"200,000 lines open ({took:.1f} s)", took < 20, took)
    check("all lines are there", shown(driver) == "200,000 lines", shown(driver))
    check("only the rows of the screen are in the page", 5 < len(rows(driver)) < 100, len(rows(driver)))
    check("no line became a script", driver.title.startswith("logtap: "), driver.title)
    check("the hostile line is shown as it is", any("</script>" in row for row in rows(driver)), rows(driver)[:5])
    said = [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
    check("the browser has no complaint, and nothing was loaded", not said, said)
    picture(driver, folder, "page")

    box = driver.find_element(By.ID, "text")
    begin = time.monotonic()
    box.send_keys("took 76 ms")
    wait(driver, lambda: " of 200,000 lines" in shown(driver))
    took = time.monotonic() - begin
    expected = sum(1 for number in range(200000) if number % 977 == 76 and number != 3)
    wait(driver, lambda: shown(driver) == f"{expected} of 200,000 lines")
    check(f"a text filters at once ({took:.2f} s)", took < 5, took)
    check("rows are those", all("took 76 ms" in row for row in rows(driver)), rows(driver)[:3])
    check("the address says so", "text=took+76+ms" in driver.current_url, driver.current_url)
    picture(driver, folder, "text")

    box.send_keys(Keys.CONTROL, "a")
    box.send_keys("/request 1\\d{3} took 5 ms$/")
    wait(driver, lambda: all(row.endswith("took 5 ms") for row in rows(driver)))
    check("a regular expression filters", all(" request 1" in row for row in rows(driver)), rows(driver)[:3])
    driver.find_element(By.ID, "reset").click()
    wait(driver, lambda: shown(driver) == "200,000 lines")

    driver.find_element(By.CSS_SELECTOR, "#counts button[data-level='3']").click()
    wait(driver, lambda: shown(driver).startswith("4,000 of"))
    check("a severity filters", {row.split("\n")[2] for row in rows(driver)} == {"err"}, rows(driver)[:3])
    for option in driver.find_elements(By.CSS_SELECTOR, "#program option"):
        if option.get_attribute("value") == "cc1":
            option.click()
    wait(driver, lambda: all(row.split("\n")[1].startswith("cc1") for row in rows(driver)))
    check("severity and program together", rows(driver) and all("err" in row for row in rows(driver)), rows(driver)[:3])
    picture(driver, folder, "severity-and-program")

    driver.find_element(By.CSS_SELECTOR, "#space .row").click()
    about = driver.find_element(By.CSS_SELECTOR, "#one .about").text
    check("a row opens, with who spoke", "unit cc1.service" in about and "2026-11-21" in about, about)
    link = driver.current_url
    driver.get("about:blank")
    driver.get(link)
    wait(driver, lambda: " of 200,000 lines" in shown(driver))
    check("a link shows the same lines", driver.find_element(By.ID, "program").get_attribute("value") == "cc1")
    driver.find_element(By.ID, "reset").click()
    wait(driver, lambda: shown(driver) == "200,000 lines")

    driver.execute_script("const l = document.getElementById('list'); l.scrollTop = l.scrollHeight;")
    wait(driver, lambda: any("line 199999:" in row for row in rows(driver)))
    check("the end can be scrolled to", True)
    canvas = driver.find_element(By.ID, "canvas")
    drawn = driver.execute_script("""
        const c = arguments[0], g = c.getContext('2d'), d = g.getImageData(0, 0, c.width, c.height).data;
        const style = getComputedStyle(document.documentElement), found = {};
        for (let i = 0; i < d.length; i += 4) {
            if (d[i + 3] !== 255) continue;
            const colour = '#' + [d[i], d[i + 1], d[i + 2]].map(n => n.toString(16).padStart(2, '0')).join('');
            found[colour] = (found[colour] || 0) + 1;
        }
        return [3, 4, 6].map(n => found[style.getPropertyValue('--s' + n).trim()] || 0);""", canvas)
    check("in the timeline few errors are seen, and don't hide the rest", 0 < drawn[0] < drawn[2] and drawn[1] > 0, drawn)
    actions = webdriver.ActionChains(driver)
    actions.move_to_element_with_offset(canvas, 0, 0).click_and_hold().move_by_offset(200, 0).release().perform()
    wait(driver, lambda: " of 200,000 lines" in shown(driver))
    check("a part of the timeline filters", "from=" in driver.current_url, driver.current_url)


def look_at_phone(url, folder):
    driver = browser(500, 900, dark=True)
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True})
    driver.get(url)
    wait(driver, lambda: "lines" in shown(driver))
    check("on a phone nothing is wider than the screen",
          driver.execute_script("return document.documentElement.scrollWidth <= 390"),
          driver.execute_script("return document.documentElement.scrollWidth"))
    check("on a phone rows are there", len(rows(driver)) > 5, len(rows(driver)))
    ground = driver.execute_script("return getComputedStyle(document.body).backgroundColor")
    check("dark where the reader wants it dark", ground == "rgb(20, 24, 29)", ground)
    picture(driver, folder, "phone-dark")
    driver.quit()


# What Chromium's trace viewer paints, by severity and for a process that failed.
COLORS = {"err": "rgb(180,0,0)", "warning": "rgb(180,125,0)", "info": "rgb(125,125,125)", "debug": "rgb(187,187,187)"}


def look_at_trace(path, viewer):
    """The importer and model of Chromium's trace viewer, which newer Chromiums no longer have."""
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "trace_model.js")
    done = subprocess.run(["node", script, *viewer, path], capture_output=True, check=False)
    check("the trace viewer takes it", done.returncode == 0, done.stderr[-300:])
    if done.returncode:
        return
    found = json.loads(done.stdout)
    check("without a warning", found["warnings"] == [], found["warnings"])
    names = {process["pid"]: process["name"] for process in found["processes"]}
    check("a process each, by its name", names == {100 + index: name for index, name in enumerate(PROGRAMS)}, names)
    threads = {(thread["pid"], thread["tid"]): thread for thread in found["threads"]}
    tracks = {(100 + index, 100 + index + more) for index in range(len(PROGRAMS)) for more in (0, 1)}
    check("a track for each thread", set(threads) == tracks, set(threads) ^ tracks)
    check("named by its program", all(thread["name"] == names[pid] for (pid, _), thread in threads.items()))
    slices = [slice for thread in found["threads"] for slice in thread["slices"]]
    lives = [slice for slice in slices if slice["category"] == "process"]
    lines = [slice for slice in slices if slice["category"] != "process"]
    check("a life for each process", sorted(life["title"] for life in lives) == sorted(PROGRAMS), len(lives))
    failed = [(life["title"], life["args"], life["color"]) for life in lives if life["args"]]
    check("one ends with its status, in colour", failed == [("cc1", {"status": 1}, COLORS["warning"])], failed)
    check("an instant for each line", len(lines) == 2000 and not any(line["duration"] for line in lines), len(lines))
    check("coloured by severity", {(line["title"], line["color"]) for line in lines} == set(COLORS.items()),
          {(line["title"], line["color"]) for line in lines})
    check("with its message", any(line["args"]["message"] == HOSTILE for line in lines))


def main():
    folder = next((word.partition("=")[2] for word in sys.argv[1:] if word.startswith("--screenshots=")), None)
    if folder:
        os.makedirs(folder, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="logtap-look-") as work:
        for name, count in (("large", 200000), ("small", 2000)):
            with open(f"{work}/{name}.data", "wb") as file:
                file.write(recording(count))
        with open(f"{work}/report.html", "wb") as file:
            subprocess.run([LOGTAP, "view", "-o", "html", f"{work}/large.data"], stdout=file, check=True)
        with open(f"{work}/trace.json", "wb") as file:
            subprocess.run([LOGTAP, "view", "-o", "chrome", f"{work}/small.data"], stdout=file, check=True)
        print(f"the page has {os.path.getsize(f'{work}/report.html')} bytes", flush=True)
        json.load(open(f"{work}/trace.json", encoding="utf-8"))
        driver = browser()
        try:
            look_at_page(driver, f"file://{work}/report.html", folder)
        finally:
            driver.quit()
        look_at_phone(f"file://{work}/report.html", folder)
        look_at_trace(f"{work}/trace.json", [word for word in sys.argv[1:] if not word.startswith("--")])
    print(f"{'FAILED: ' + ', '.join(failures) if failures else 'all is well'}", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
