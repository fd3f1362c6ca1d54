"""metadata.json, alone and against everything that names its parameters; and the template's spec."""

from __future__ import annotations

import ast
import copy
import json
import os
import re
import shutil
import tempfile
import unittest
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from checks import ROOT, linter, run

METADATA = json.loads((ROOT / "metadata.json").read_text())
PARAMETERS = {parameter["name"]: parameter for parameter in METADATA["parameters"]}
SCHEMA = ROOT / "src" / "deployment" / "template-metadata.schema.json"
SPEC = ROOT / "src" / "deployment" / "template_spec.py"
OPTIONS = (ROOT / "src/main/java/io/xmltobigquery/options/XmlToBigQueryOptions.java").read_text()
LIMITS = (ROOT / "src/main/java/io/xmltobigquery/xml/Limits.java").read_text()
DOCUMENT = (ROOT / "docs" / "OPTIONS.md").read_text()

# They are for the command.
COMMAND_ONLY = {"debug", "validateOnly", "help", "version"}
# Beam's own options, which users of a template should find.
BEAM_OPTIONS = {"storageWriteApiTriggeringFrequencySec", "numStorageWriteApiStreams", "useStorageApiConnectionPool"}
# How the help for a form differs from the description of an option: a job on Dataflow sees no local files.
HELP_OF_DESCRIPTION = {", or a local one; quote it": "", ", local or gs://": ", gs://", "--": ""}

Break = Callable[[dict[str, Any]], object]


class MetadataTest(unittest.TestCase):
    """The file by itself."""

    def test_it_has_the_fields_that_the_service_reads(self) -> None:
        self.assertEqual(self.problems(METADATA), "")

    def test_a_mistake_is_found(self) -> None:
        def first(change: Break) -> Break:
            return lambda metadata: change(metadata["parameters"][0])

        def of_type(kind: str, change: Break) -> Break:
            return lambda metadata: change(next(p for p in metadata["parameters"] if p["paramType"] == kind))

        broken: dict[str, Break] = {
            "another spelling": first(lambda p: p.update(is_optional=p.pop("isOptional"))),
            "no label": first(lambda p: p.pop("label")),
            "blank help": first(lambda p: p.update(helpText=" ")),
            "unknown type": first(lambda p: p.update(paramType="PUBSUB_SUBSCRIPTIONS")),
            "a default that isn't text": of_type("NUMBER", lambda p: p.update(defaultValue=8)),
            "a choice without options": of_type("ENUM", lambda p: p.pop("enumOptions")),
            "options without a choice": first(lambda p: p.update(enumOptions=[{"value": "a"}, {"value": "b"}])),
            "a regex for a part of the value": first(lambda p: p.update(regexes=["gs://.+"])),
            "no name": lambda metadata: metadata.pop("name"),
            "nothing about streaming": lambda metadata: metadata.pop("streaming"),
            "a mode that it can't choose": lambda metadata: metadata.update(defaultStreamingMode="EXACTLY_ONCE"),
        }
        for mistake, change in broken.items():
            with self.subTest(mistake):
                metadata = copy.deepcopy(METADATA)
                change(metadata)
                self.assertNotEqual(self.problems(metadata), "")

    def problems(self, metadata: dict[str, Any]) -> str:
        with tempfile.TemporaryDirectory(prefix="template metadata ") as folder:
            file = Path(folder, "metadata.json")
            file.write_text(json.dumps(metadata))
            result = run(linter("check-jsonschema"), "--schemafile", SCHEMA, file)
            return "" if result.returncode == 0 else result.stdout + result.stderr

    def test_no_name_is_there_twice(self) -> None:
        self.assertEqual(len(PARAMETERS), len(METADATA["parameters"]))

    def test_a_default_is_one_of_its_values(self) -> None:
        for name, parameter in PARAMETERS.items():
            if "defaultValue" in parameter:
                with self.subTest(name):
                    self.assertTrue(accepts(parameter, parameter["defaultValue"]))

    def test_what_must_be_given_has_no_default(self) -> None:
        for name, parameter in PARAMETERS.items():
            with self.subTest(name):
                self.assertFalse(not parameter["isOptional"] and "defaultValue" in parameter)

    def test_a_form_that_nobody_changes_launches_both_kinds_of_job(self) -> None:
        """A form sends its defaults, and a number without one as 0."""
        for name in ("reconcileInterval", "storageWriteApiTriggeringFrequencySec"):
            with self.subTest(name):
                self.assertNotIn("defaultValue", PARAMETERS[name])
                self.assertEqual(PARAMETERS[name]["paramType"], "TEXT")

    def test_the_streaming_mode_is_exactly_once(self) -> None:
        """The job counts the ranges of a file: a mode in which the service may count one twice isn't for it."""
        self.assertEqual(
            (METADATA["streaming"], METADATA["supportsExactlyOnce"], METADATA["supportsAtLeastOnce"]),
            (True, True, False),
        )


def accepts(parameter: dict[str, Any], value: str) -> bool:
    """As the service does, which reads regexes as egrep."""
    if "enumOptions" in parameter:
        return value in [option["value"] for option in parameter["enumOptions"]]
    return all(egrep(regex, value) for regex in parameter["regexes"])


def egrep(regex: str, value: str) -> bool:
    result = run("grep", "-E", "-q", "-e", regex, input=value, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"})
    if result.returncode > 1:
        raise AssertionError(f"{regex}: {result.stderr}")
    return result.returncode == 0


class ValuesTest(unittest.TestCase):
    """The regexes take what a job on Dataflow takes, and refuse what it can't use before a machine is started."""

    FILES = (
        ["gs://bucket/data/**.xml", "gs://my-bucket_1.example.com/a b/ü#[1]{x,y}.xml", "gs://abc/x"],
        ["data/*.xml", "/data/a.xml", "file:///data/a.xml", "s3://bucket/a", "gs://bucket", "gs://bucket/", "gs://B/a"],
    )
    DURATIONS = (
        ["30s", "30m", "12h", "8d", "PT1H30M", "P1DT2H", "PT0.5S"],
        ["", "8", "d", "-8d", "8 d", "1w", "8days", "1h30m", "PT1H ", "xPT1H"],
    )
    FLAGS = (["true", "false"], ["", "yes", "True", "1", "true "])
    EXAMPLES = {
        "input": FILES,
        "mapping": FILES,
        "inputSubscription": (
            ["projects/my-project/subscriptions/files", "projects/example.com:my-project/subscriptions/a.b~c%d"],
            [
                "xml-to-bigquery",
                "projects/my-project/topics/landed-files",
                "projects/p/subscriptions/files",
                "projects/my-project/subscriptions/a",
                "projects/my-project/subscriptions/1abc",
                "/projects/my-project/subscriptions/abc",
            ],
        ),
        "output": (
            ["my-project:dataset", "example.com:my-project:Data_Set1", "gs://bucket", "gs://bucket/a/b c/"],
            [
                "dataset",
                "my-project.dataset",
                "my-project:dataset.table",
                "my-project:data-set",
                "My-Project:dataset",
                "out",
                "/out",
                "./my-project:dataset",
                "file:///out",
                "gs://bucket/*.xml",
                "gs://bucket/a{b}",
                "gs://bucket/a[b]",
                "gs://bucket/a?",
            ],
        ),
        "deadLetterDir": (
            ["gs://bucket", "gs://bucket/", "gs://bucket/xml-to-bigquery", "gs://bucket/a b/"],
            ["dead-letter", "/dead-letter", "file:///dead-letter", "gs://", "gs:///a", "gs://Bucket/a", "p:dataset"],
        ),
        "acceptedInput": (
            ["keep", "delete", "move:gs://bucket", "move:gs://bucket/loaded"],
            ["", "move", "move:", "move:loaded", "move:/loaded", "gs://bucket/loaded", "keep it", "Keep"],
        ),
        "lineage": FLAGS,
        "useStorageApiConnectionPool": FLAGS,
        "deduplicationWindow": DURATIONS,
        "reconcileInterval": DURATIONS,
        "chunkSizeMb": (["1", "8", "9", "10", "16"], ["", "0", "01", "17", "20", "100", "8.5", "-1"]),
        "maxRecordBytes": (["1048576", "20971520", "536870912"], ["", "0", "999999", "1000000000", "20MB", "-1"]),
        "storageWriteApiTriggeringFrequencySec": (["1", "60", "3600"], ["", "0", "1.5", "1s", "-1"]),
        "numStorageWriteApiStreams": (["0", "1", "50"], ["", "-1", "1.5", "many"]),
    }

    def test_good_values_are_taken_and_bad_ones_refused(self) -> None:
        for name, (good, bad) in self.EXAMPLES.items():
            for value in good:
                with self.subTest(name, good=value):
                    self.assertTrue(accepts(PARAMETERS[name], value))
            for value in bad:
                with self.subTest(name, bad=value):
                    self.assertFalse(accepts(PARAMETERS[name], value))

    def test_every_regex_has_examples(self) -> None:
        self.assertEqual(set(self.EXAMPLES), {name for name, parameter in PARAMETERS.items() if "regexes" in parameter})

    def test_every_parameter_is_checked(self) -> None:
        for name, parameter in PARAMETERS.items():
            with self.subTest(name):
                self.assertTrue("regexes" in parameter or "enumOptions" in parameter)

    def test_regexes_mean_the_same_to_every_engine(self) -> None:
        """Whichever the service has: no group that isn't for egrep, no class by a letter, no long repetition."""
        for name, parameter in PARAMETERS.items():
            for regex in parameter.get("regexes", []):
                with self.subTest(name):
                    self.assertNotRegex(regex, r"\(\?|\\[A-Za-z0-9]|[0-9]{4,}")
                    good, bad = self.EXAMPLES[name]
                    found = [value for value in (*good, *bad) if re.search(regex, value)]
                    self.assertEqual(found, good)


OPTION = re.compile(
    r'@Description\(\s*"(?P<description>[^"]*)"\s*\)\s*'
    r"(?P<required>@Validation\.Required\s*)?"
    r"(?:@Default\.\w+\((?P<default>[^)]*)\)\s*)?"
    r"(?P<type>\w+) get(?P<name>\w+)\(\);"
)
MEGABYTES = re.compile(r"long DEFAULT_MAX_RECORD_BYTES = (\d+)L << 20;")
TABLE_ROW = re.compile(r"^\| (?P<names>`--[^|]*?) \| (?P<meaning>.*?) \| (?P<default>[^|]*?) ?\|$", re.MULTILINE)


def against_options(metadata: dict[str, Any], options: str) -> list[str]:
    """Where the metadata differs from the pipeline's own options."""
    parameters = {parameter["name"]: parameter for parameter in metadata["parameters"]}
    found = {name[0].lower() + name[1:]: match for match in OPTION.finditer(options) for name in [match["name"]]}
    if len(found) != len(re.findall(r" get\w+\(\);", options)):
        return ["not every option could be read"]
    wanted = found.keys() - COMMAND_ONLY | BEAM_OPTIONS
    problems = [f"{name}: a parameter, but no option" for name in parameters.keys() - wanted]
    problems += [f"{name}: an option, but no parameter" for name in wanted - parameters.keys()]
    for name in parameters.keys() & found.keys():
        parameter, option = parameters[name], found[name]
        if parameter["isOptional"] == bool(option["required"]):
            problems.append(f"{name}: required in one of both only")
        if parameter.get("defaultValue") != java_default(option["default"]):
            problems.append(f"{name}: default {parameter.get('defaultValue')}, not {java_default(option['default'])}")
        values = [choice["value"] for choice in parameter.get("enumOptions", [])] if choices(option) else []
        if values != choices(option):
            problems.append(f"{name}: {values}, not {choices(option)}")
        help_text = option["description"]
        for text, instead in HELP_OF_DESCRIPTION.items():
            help_text = help_text.replace(text, instead)
        if parameter["helpText"] != help_text:
            problems.append(f"{name}: the help isn't {help_text}")
    return problems


def choices(option: re.Match[str]) -> list[str]:
    """The values of an option that is an enum."""
    files = list((ROOT / "src/main/java/io/xmltobigquery").rglob(option["type"] + ".java"))
    return re.findall(r'@JsonProperty\("([^"]+)"\)', files[0].read_text()) if files else []


def java_default(text: str | None) -> str | None:
    if text == "Limits.DEFAULT_MAX_RECORD_BYTES":
        return str(int(MEGABYTES.search(LIMITS)[1]) << 20)
    constant = text and re.fullmatch('"([A-Z_]+)"', text)
    return constant[1].lower().replace("_", "-") if constant else text and text.strip('"')


def against_document(metadata: dict[str, Any], document: str) -> list[str]:
    """Where the metadata differs from the table of docs/OPTIONS.md."""
    parameters = {parameter["name"]: parameter for parameter in metadata["parameters"]}
    rows = {name: row for row in TABLE_ROW.finditer(document) for name in re.findall(r"`--(\w+)`", row["names"])}
    wanted = parameters.keys() - BEAM_OPTIONS
    problems = [f"{name}: in the table, but no parameter" for name in rows.keys() - wanted - COMMAND_ONLY]
    problems += [f"{name}: a parameter, but not in the table" for name in wanted - rows.keys()]
    problems += [f"{name}: a parameter, but not in the text" for name in BEAM_OPTIONS if f"`--{name}`" not in document]
    for name in wanted & rows.keys():
        parameter, row = parameters[name], rows[name]
        if (row["default"].startswith("required") and name != "input") == parameter["isOptional"]:
            problems.append(f"{name}: required in one of both only")
        default = parameter.get("defaultValue")
        if row["default"].startswith("`") != (default is not None) or default and row["default"] != f"`{default}`":
            problems.append(f"{name}: default {default}, not {row['default']}")
        for option in parameter.get("enumOptions", []):
            if f"`{option['value']}`" not in row["meaning"]:
                problems.append(f"{name}: the table doesn't tell {option['value']}")
    return problems


def used_parameters(file: Path) -> set[str]:
    """The names that a file of Airflow's or Terraform's, or a table of Airflow's variables, uses as parameters."""
    text = file.read_text()
    if file.suffix == ".py":
        return set(python_parameters(ast.parse(text)))
    names: set[str] = set()
    for match in re.finditer(r"""parameters"?\s*[=:]\s*(merge\(|(?=\{))""", text):
        names.update(re.findall(r"""^\W*([A-Za-z]\w*)"?\s*[=:]""", bracketed(text, match.end()), re.MULTILINE))
    for match in re.finditer(r"""setsubtract\([^\n]*parameters[^\n]*, \[(?=\n)""", text):
        names.update(re.findall(r'"(\w+)"', bracketed(text, match.end())))
    return names


def bracketed(text: str, start: int) -> str:
    """From there to where what is open is closed."""
    depth = 0
    for end in range(start, len(text)):
        depth += (text[end] in "([{") - (text[end] in ")]}")
        if depth < 0 or depth == 0 and text[end] == "}" and text[start] == "{":
            return text[start:end]
    raise AssertionError(f"a bracket is open: {text[start : start + 80]}")


def python_parameters(tree: ast.AST) -> Iterator[str]:
    """Keys of what is called parameters, or TEMPLATE_PARAMS."""
    for node in ast.walk(tree):
        called: list[tuple[str, ast.expr]] = []
        if isinstance(node, ast.Dict):
            called = [(key.value, value) for key, value in zip(node.keys, node.values) if isinstance(key, ast.Constant)]
        elif isinstance(node, ast.Assign):
            called = [(target.id, node.value) for target in node.targets if isinstance(target, ast.Name)]
            for target in node.targets:
                if ast.unparse(target).startswith("parameters["):
                    yield ast.literal_eval(target.slice)
        elif isinstance(node, ast.Call):
            called = [(keyword.arg, keyword.value) for keyword in node.keywords if keyword.arg]
        for name, value in called:
            if isinstance(value, ast.Dict) and re.fullmatch(r"(?i)(\w+_)?parameters|template_params", str(name)):
                yield from (str(key.value) for key in value.keys if isinstance(key, ast.Constant))


class OneTruthTest(unittest.TestCase):
    """Options, metadata, documentation, Terraform and DAG name the same parameters."""

    def test_metadata_agrees_with_the_options(self) -> None:
        self.assertEqual(against_options(METADATA, OPTIONS), [])

    def test_metadata_agrees_with_the_table_of_options(self) -> None:
        self.assertEqual(against_document(METADATA, DOCUMENT), [])

    def test_a_difference_from_the_options_is_found(self) -> None:
        for old, new in (
            ("getChunkSizeMb()", "getChunkSize()"),
            ("@Default.Integer(8)", "@Default.Integer(9)"),
            ('@Default.String("keep")', ""),
            ("Directory, local or gs://, for rejected", "A directory, local or gs://, for rejected"),
            ("  @Validation.Required\n", ""),
            ("DEFAULT_MAX_RECORD_BYTES", "MOST"),
        ):
            with self.subTest(new):
                self.assertIn(old, OPTIONS)
                self.assertNotEqual(against_options(METADATA, OPTIONS.replace(old, new)), [])

    def test_a_difference_from_the_table_is_found(self) -> None:
        for old, new in (
            ("| `--chunkSizeMb`", "| `--chunkSize`"),
            ("| `8d` |", "| `7d` |"),
            ("`reject-file`, or `dead-letter`", "`reject-file`, or another"),
            ("for rejected files and records | required |", "for rejected files and records | none |"),
            ("`--numStorageWriteApiStreams`", "`--streams`"),
        ):
            with self.subTest(new):
                self.assertIn(old, DOCUMENT)
                self.assertNotEqual(against_document(METADATA, DOCUMENT.replace(old, new)), [])

    def test_a_parameter_that_is_nowhere_else_is_found(self) -> None:
        metadata = copy.deepcopy(METADATA)
        metadata["parameters"].append({**PARAMETERS["input"], "name": "inputs"})
        self.assertTrue(against_options(metadata, OPTIONS))
        self.assertTrue(against_document(metadata, DOCUMENT))

    def test_dag_and_terraform_use_parameters_that_there_are(self) -> None:
        for file in deployment_files(ROOT):
            with self.subTest(file.relative_to(ROOT)):
                self.assertEqual(used_parameters(file) - PARAMETERS.keys(), set())

    def test_a_wrong_parameter_of_a_dag_or_of_terraform_is_found(self) -> None:
        for name, text in (
            ("infra/job.tf", 'parameters = {\n    input = "gs://b/**.xml"\n    outputs = "p:d"\n  }'),
            ("infra/job.tf", 'streaming_parameters = merge(\n    {\n outputs = "${var.p}:d" },\n    {})'),
            ("infra/job.tf", 'streaming_parameters = merge(var.more, {\n  outputs = "p:d"\n})'),
            ("infra/job.tf", 'condition = length(setsubtract(keys(var.parameters), [\n  "input", "outputs",\n])) == 0'),
            ("infra/job.tfvars", 'streaming_job = {\n  parameters = {\n    "outputs" = "p:d"\n  }\n}'),
            ("dag/dag.py", 'body = {"launchParameter": {"parameters": {"outputs": "p:d"}}}'),
            ("dag/dag.py", 'Operator(parameters={"outputs": "p:d"})'),
            ("dag/dag.py", 'TEMPLATE_PARAMS = {"outputs": 1}'),
            ("dag/dag.py", 'parameters["outputs"] = "p:d"'),
            ("dag/variables.template", '{"x": {"parameters": {\n  "outputs": "${PROJECT}:d"\n}}}'),
        ):
            with self.subTest(text), tempfile.TemporaryDirectory(prefix="deployment files ") as folder:
                file = Path(folder, name)
                file.parent.mkdir()
                file.write_text(text)
                found = [used_parameters(file) - PARAMETERS.keys() for file in deployment_files(Path(folder))]
                self.assertEqual(found, [{"outputs"}])


def deployment_files(root: Path) -> list[Path]:
    patterns = ("infra/*.tf", "infra/examples/*.tfvars", "infra/*.tfvars", "dag/*.py", "dag/*.template")
    return [file for pattern in patterns for file in sorted(root.glob(pattern))]


@unittest.skipUnless(shutil.which("gcloud"), "gcloud isn't installed, to compare with")
class GcloudTest(unittest.TestCase):
    """Our spec is gcloud's, with what that leaves out."""

    DROPPED = ("streaming", "supportsAtLeastOnce", "supportsExactlyOnce", "defaultStreamingMode")

    def test_the_spec_is_that_of_gcloud_and_more(self) -> None:
        metadata = {**METADATA, "supportsAtLeastOnce": True, "defaultStreamingMode": "EXACTLY_ONCE"}
        with tempfile.TemporaryDirectory(prefix="template spec ") as folder:
            file = Path(folder, "metadata.json")
            file.write_text(json.dumps(metadata))
            ours = spec("--metadata", file)
            theirs = self.build(folder, file)
        self.assertEqual(ours["metadata"], metadata)
        self.assertEqual(ours["defaultEnvironment"].pop("sdkContainerImage"), SDK_IMAGE)
        for field in self.DROPPED:
            self.assertNotIn(field, theirs["metadata"])
            del ours["metadata"][field]
        self.assertEqual(ours, theirs)

    def build(self, folder: str, metadata: Path) -> dict[str, Any]:
        options = (f"--image={LAUNCHER_IMAGE}", "--sdk-language=JAVA", f"--metadata-file={metadata}")
        result = run(
            *("gcloud", "dataflow", "flex-template", "build", "gs://bucket/template.json", *options),
            *("--additional-experiments=use_runner_v2", "--print-only", "--format=json"),
            env={**os.environ, "CLOUDSDK_CONFIG": folder, "CLOUDSDK_CORE_DISABLE_PROMPTS": "1"},
        )
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(json.loads(result.stdout))


LAUNCHER_IMAGE = "europe-west1-docker.pkg.dev/my-project/images/xml-to-bigquery-launcher:1.0.0"
SDK_IMAGE = "europe-west1-docker.pkg.dev/my-project/images/xml-to-bigquery-sdk@sha256:" + "0" * 64
IMAGES = ("--launcher-image", LAUNCHER_IMAGE, "--sdk-image", SDK_IMAGE)


def spec(*options: str | Path) -> dict[str, Any]:
    result = run("python3", "-B", SPEC, *IMAGES, *options)
    if result.returncode != 0:
        raise AssertionError(result.stderr)
    return json.loads(result.stdout)


class SpecTest(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="template spec "))
        self.addCleanup(shutil.rmtree, self.folder)

    def test_it_holds_images_and_the_whole_metadata(self) -> None:
        written = spec()
        self.assertEqual(written["image"], LAUNCHER_IMAGE)
        self.assertEqual(written["metadata"], METADATA)
        self.assertEqual(written["sdkInfo"], {"language": "JAVA"})
        self.assertEqual(written["defaultEnvironment"]["sdkContainerImage"], SDK_IMAGE)

    def test_it_is_written_into_a_folder_that_is_made(self) -> None:
        file = self.folder / "new folder" / "spec.json"
        result = run("python3", "-B", SPEC, *IMAGES, "--output", file)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))
        self.assertEqual(json.loads(file.read_text()), spec())

    def test_help_tells_the_options(self) -> None:
        result = run("python3", "-B", SPEC, "--help")
        self.assertEqual(result.returncode, 0)
        for option in ("--launcher-image", "--sdk-image", "--metadata", "--output"):
            self.assertIn(option, result.stdout)

    def test_an_image_without_a_tag_is_refused(self) -> None:
        for wrong in ("europe-west1-docker.pkg.dev/p/r/image", "image:1", "https://host/p/image:1", "$SDK_IMAGE", ""):
            with self.subTest(wrong):
                result = run("python3", "-B", SPEC, "--launcher-image", LAUNCHER_IMAGE, "--sdk-image", wrong)
                self.assertEqual(result.returncode, 2)
                self.assertIn("--sdk-image", result.stderr)

    def test_a_file_that_is_no_metadata_is_named(self) -> None:
        broken = self.folder / "broken.json"
        for text, reason in ((None, "can't be read"), ("{", "isn't JSON"), ("[]", "no name"), ("{}", "no name")):
            with self.subTest(reason):
                if text is not None:
                    broken.write_text(text)
                result = run("python3", "-B", SPEC, *IMAGES, "--metadata", broken)
                self.assertEqual((result.returncode, result.stdout), (1, ""))
                self.assertIn(f"{broken} ", result.stderr)
                self.assertIn(reason, result.stderr)

    def test_a_file_that_cannot_be_written_is_named(self) -> None:
        result = run("python3", "-B", SPEC, *IMAGES, "--output", self.folder)
        self.assertEqual(result.returncode, 1)
        self.assertIn(f"{self.folder} can't be written", result.stderr)


if __name__ == "__main__":
    unittest.main()
