"""fristctl flow: the drawings of the workflows, those of docs/ among them."""
import os
import pathlib
import random
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

FRISTCTL = os.path.join(os.environ["FRIST_BIN"], "fristctl")
ROOT = pathlib.Path(__file__).resolve().parents[2]
WORKFLOWS = sorted(path.stem for path in (ROOT / "conf/workflows").glob("*.conf"))


def flow(*arguments, conf=ROOT / "conf"):
    return subprocess.run([FRISTCTL, "--config", conf / "fristd.conf", "flow", *arguments], capture_output=True,
                          encoding="utf-8", timeout=60)


class FlowTest(unittest.TestCase):
    maxDiff = None

    def drawn(self, *arguments, **options):
        done = flow(*arguments, **options)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout


class Drawings(FlowTest):
    def test_docs_show_each_workflow_as_it_is(self):
        for workflow in WORKFLOWS:
            self.assertEqual((ROOT / "docs" / f"{workflow}.svg").read_text(encoding="utf-8"), self.drawn(workflow),
                             f"draw it anew: fristctl --config conf/fristd.conf flow {workflow} >docs/{workflow}.svg")

    def test_every_step_lane_and_rung_is_seen(self):
        words = "".join(ElementTree.fromstring(self.drawn("borgmester")).itertext())
        for seen in ("Borgmesterhenvendelse", "modtaget", "hos sagsbehandler", "godkendt af enhedsleder", "afsendt",
                     "afdelingschef", "A6 [GODKENDT]", "A9 [RETUR]", "A10 · gateway", "Frist »svar«: 5 arbejdsdage",
                     "1 arbejdsdag efter: afdelingschef, cc enhedsleder, ansvarlig", "på dagen: enhedsleder",
                     "2 arbejdsdage efter: stedfortræder", "standser ved: svar modtaget"):
            self.assertIn(seen, words)

    def test_mermaid_has_the_same_arrows_as_dot(self):
        dot, mermaid = (self.drawn("MT", "--format", name) for name in ("dot", "mermaid"))
        arrows = sorted(re.findall(r"^\t(\w+) -> (\w+) \[.*label=", dot, re.MULTILINE))
        self.assertGreater(len(arrows), 10)
        self.assertEqual(arrows, sorted(re.findall(r'^\t(\w+) -\.?->\|".*"\| (\w+)$', mermaid, re.MULTILINE)))
        self.assertTrue(mermaid.splitlines()[1].startswith("flowchart"))

    def test_a_rule_starts_where_its_sender_holds_the_step(self):
        mermaid = self.drawn("borgmester", "--format", "mermaid")
        names = dict(re.findall(r'^\t\t(s\d+)\("([^"<]+)', mermaid, re.MULTILINE))
        arrows = {(names.get(start, start), label.split("<br/>")[0], names[end]) for start, label, end in
                  re.findall(r'^\t(\w+) -\.?->\|"(.*)"\| (\w+)$', mermaid, re.MULTILINE)}
        self.assertIn(("ny", "A1 · spl", "modtaget"), arrows)
        self.assertIn(("godkendt af afdelingschef", "A7", "svar modtaget"), arrows)
        self.assertIn(("hos afdelingschef", "A6 [RETUR]", "hos sagsbehandler"), arrows)


class Hostile(FlowTest):
    def test_steps_in_any_order(self):
        """Graphviz dies of one in three: the drawing is then made in another way."""
        file_text = (ROOT / "conf/workflows/kb.conf").read_text(encoding="utf-8")
        before, steps, after = re.fullmatch(r"(.*\n  steps = \()(.*?)(\);\n\n.*)", file_text, re.DOTALL).groups()
        steps = re.findall(r"\{[^}]*\}", steps)
        with tempfile.TemporaryDirectory(prefix="fristd-flow-") as folder:
            conf = pathlib.Path(folder) / "conf"
            shutil.copytree(ROOT / "conf", conf)
            for number in range(12):
                order = random.Random(number).sample(steps, len(steps))
                (conf / "workflows/kb.conf").write_text(before + ",\n".join(order) + after, encoding="utf-8")
                ElementTree.fromstring(self.drawn("kb", conf=conf))

    def test_no_word_of_a_file_ends_its_label(self):
        name = '\\N "x"] & <b>|{'
        with tempfile.TemporaryDirectory(prefix="fristd-flow-") as folder:
            conf = pathlib.Path(folder) / "conf"
            shutil.copytree(ROOT / "conf", conf)
            for path in (conf, *conf.rglob("*")):
                path.chmod(0o755 if path.is_dir() else 0o644)
            file = conf / "workflows/borgmester.conf"
            quoted = name.replace("\\", "\\\\").replace('"', '\\"')
            text = file.read_text(encoding="utf-8").replace("godkendt af enhedsleder", quoted)
            file.write_text(text, encoding="utf-8")
            svg = self.drawn("borgmester", conf=conf)
            self.assertIn(name, [element.text for element in ElementTree.fromstring(svg).iter()])
            self.assertIn('\\N &quot;x&quot;] &amp; &lt;b&gt;|{")', self.drawn("MT", "--format", "mermaid", conf=conf))


class Refused(FlowTest):
    def refuse(self, status, what, *arguments):
        done = flow(*arguments)
        self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (status, "", 1), done.stderr)
        self.assertIn(what, done.stderr)

    def test_each_mistake_is_named(self):
        self.refuse(1, "there is no workflow nogo", "nogo")
        self.refuse(2, '"png" is no format', "MT", "--format", "png")
        self.refuse(2, "give one WORKFLOW")
        self.refuse(2, "give one WORKFLOW", "MT", "KB")


if __name__ == "__main__":
    unittest.main(verbosity=2)
