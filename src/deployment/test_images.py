"""Builds both Dockerfiles as they are, on a stand-in for their bases, and runs in the images what Dataflow runs.

The stand-in is a JDK and nothing else: Google's launcher and Beam's boot aren't in it, so that only a job on the real
service shows whether those do what their sources and documentation say.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
import shutil
import subprocess
import tempfile
import unittest
import urllib.parse
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from buildah import Buildah, Unavailable
from checks import ROOT, linter, run

TARGET = ROOT / "target"
JAR = "xml-to-bigquery.jar"
HOME = "opt/xml-to-bigquery"
OPTION_FILE = "opt/apache/beam/options/option-xml-to-bigquery.json"
LOGGER = "slf4j-simple-*.jar"
DOCKERFILES = {"launcher": "Dockerfile_Launcher", "sdk": "Dockerfile_SDK"}
ENTRYPOINTS = {"launcher": "/opt/google/dataflow/java_template_launcher", "sdk": "/opt/apache/beam/boot"}

# What the context of a build has, with one library for all.
FOR_IMAGES = {
    *("LICENSE", "src/deployment/option-xml-to-bigquery.json", f"target/{JAR}"),
    *("target/dataflow/lib/a-1.jar", "target/lib/slf4j-simple-1.jar"),
}
VERSION = "1.2.3"

JAVA = "/opt/java/bin/java"
# Each start does once what it does: compiling with full effort took half of the processor time.
FOR_ONE_START = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
MODULES = "java.se,jdk.crypto.ec,jdk.httpserver,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs"

SERVICE_FILE = re.compile(r"META-INF/services/[^/]+")
FLINK = re.compile(r"org/apache/(beam/runners/)?flink/|META-INF/services/.*flink")
NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def base_of(dockerfile: str, text: str | None = None) -> str:
    return re.search(r"^ARG BASE=(\S+)$", text or (ROOT / dockerfile).read_text(), re.MULTILINE)[1]


def make_base(root: Path) -> None:
    """A JDK, and the libraries of the system that it is linked to."""
    jlink = ("jlink", "--add-modules", MODULES, "--no-header-files", "--no-man-pages", "--output", root / "opt/java")
    result = run(*jlink)
    if result.returncode != 0:
        raise unittest.SkipTest(f"the JDK can't make a smaller one: {result.stdout}{result.stderr}")
    programs = [root / "opt/java/bin/java", *root.glob("opt/java/lib/**/*.so")]
    linked = run("ldd", *(program for program in programs if "awt" not in program.name and "x11" not in program.name))
    for library in set(re.findall(r"(?:=> |^\s)(/lib\S+) \(0x", linked.stdout, re.MULTILINE)):
        copy = root / library.lstrip("/")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, copy)
    (root / "tmp").mkdir()


@dataclass(frozen=True)
class Images:
    """What is built once for all tests; by names, launcher and sdk."""

    buildah: Buildah
    folder: Path
    ids: dict[str, str]
    roots: dict[str, Path]


@functools.cache
def images() -> Images:
    if not (TARGET / JAR).exists() or not (TARGET / "dataflow" / "lib").exists():
        raise AssertionError("there is nothing to make images of; run `bin/maven -DskipTests package` first")
    if shutil.which("jlink") is None:
        raise unittest.SkipTest("there is no jlink; a whole JDK has it")
    try:
        buildah = Buildah()
    except Unavailable as reason:
        raise unittest.SkipTest(str(reason)) from reason
    unittest.addModuleCleanup(buildah.close)
    folder = Path(tempfile.mkdtemp(prefix="container images "))
    unittest.addModuleCleanup(shutil.rmtree, folder)
    make_base(folder / "base")
    for name, dockerfile in DOCKERFILES.items():
        buildah.commit_base(folder / "base", base_of(dockerfile), ENTRYPOINTS[name], "/opt/java/bin")
    ids = {name: buildah.build(ROOT, file, "--build-arg", f"VERSION={VERSION}") for name, file in DOCKERFILES.items()}
    return Images(buildah, folder, ids, {name: buildah.unpack(image) for name, image in ids.items()})


class ImagesTestCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.images = images()
        cls.buildah = cls.images.buildah

    def new_folder(self, prefix: str) -> Path:
        return Path(tempfile.mkdtemp(prefix=prefix, dir=self.images.folder))


def contents(folder: Path) -> dict[str, str]:
    """Digests of the files, by their paths."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def names_in_manifest(jar: Path) -> set[str]:
    with zipfile.ZipFile(jar) as archive:
        manifest = archive.read("META-INF/MANIFEST.MF").decode().replace("\r\n ", "").replace("\n ", "")
    return set(re.search(r"^Class-Path: (.*?)\s*$", manifest, re.MULTILINE)[1].split())


def flink_in(folder: Path) -> list[str]:
    """The jars that have anything of Flink's."""
    found = []
    for jar in folder.rglob("*.jar"):
        with zipfile.ZipFile(jar) as archive:
            if any(FLINK.match(name) for name in archive.namelist()):
                found.append(jar.name)
    return found


def missing_providers(folder: Path) -> list[str]:
    """What the service files of the jars name and no jar has."""
    classes: set[str] = set()
    named: set[tuple[str, str]] = set()
    for jar in folder.rglob("*.jar"):
        with zipfile.ZipFile(jar) as archive:
            names = archive.namelist()
            classes.update(name.removesuffix(".class").replace("/", ".") for name in names if name.endswith(".class"))
            for file in filter(SERVICE_FILE.fullmatch, names):
                lines = (line.partition("#")[0].strip() for line in archive.read(file).decode().splitlines())
                named.update((jar.name, line) for line in lines if line)
    return [f"{provider}, named in {jar}" for jar, provider in named if provider not in classes]


class ContentsTest(ImagesTestCase):
    def test_the_bases_are_only_added_to(self) -> None:
        for name, image in self.images.ids.items():
            with self.subTest(name):
                built = self.buildah.inspect(image)
                self.assertEqual(built.entrypoint, [ENTRYPOINTS[name]])
                self.assertEqual(built.environment["PATH"], "/opt/java/bin")
                # Both bases need their root; see the Dockerfiles.
                self.assertEqual(built.user, "")

    def test_labels_say_what_it_is(self) -> None:
        for name, dockerfile in DOCKERFILES.items():
            with self.subTest(name):
                labels = self.buildah.inspect(self.images.ids[name]).labels
                self.assertEqual(labels["org.opencontainers.image.title"], f"xml-to-bigquery-{name}")
                self.assertEqual(labels["org.opencontainers.image.version"], VERSION)
                self.assertEqual(labels["org.opencontainers.image.licenses"], "Apache-2.0")
                self.assertEqual(labels["org.opencontainers.image.base.name"], base_of(dockerfile))
                self.assertIn("org.opencontainers.image.description", labels)

    def test_the_launcher_is_told_what_to_start(self) -> None:
        environment = self.buildah.inspect(self.images.ids["launcher"]).environment
        self.assertEqual(environment["FLEX_TEMPLATE_JAVA_MAIN_CLASS"], "io.xmltobigquery.XmlToBigQuery")
        self.assertEqual(environment["FLEX_TEMPLATE_JAVA_CLASSPATH"], f"/{HOME}/{JAR}")

    def test_boot_is_told_of_the_libraries(self) -> None:
        option = json.loads((self.images.roots["sdk"] / OPTION_FILE).read_text())
        self.assertTrue(option["enabled"])
        self.assertEqual(option["options"], {"classpath": [f"/{HOME}/{JAR}"]})

    def test_they_hold_what_maven_built(self) -> None:
        libraries = {f"lib/{name}": digest for name, digest in contents(TARGET / "dataflow" / "lib").items()}
        both = {**libraries, JAR: sha256(TARGET / JAR), "LICENSE": sha256(ROOT / "LICENSE")}
        logger = next(TARGET.glob(f"lib/{LOGGER}"))
        self.assertEqual(contents(self.images.roots["sdk"] / HOME), both)
        self.assertEqual(contents(self.images.roots["launcher"] / HOME), {**both, f"lib/{logger.name}": sha256(logger)})

    def test_every_library_is_on_the_class_path(self) -> None:
        on_class_path = names_in_manifest(TARGET / JAR)
        for name, root in self.images.roots.items():
            with self.subTest(name):
                self.assertEqual({f"lib/{jar.name}" for jar in (root / HOME).glob("lib/*.jar")} - on_class_path, set())

    def test_nothing_else_is_missing_than_flink_and_what_only_flink_needs(self) -> None:
        there = {jar.name for jar in TARGET.glob("dataflow/lib/*.jar")}
        left_out = {jar.name for jar in TARGET.glob("lib/*.jar")} - there
        others = sorted(re.sub(r"-[0-9].*", "", name) for name in left_out if "flink" not in name)
        only_flink_needs = ["async-profiler", "chill-java", "commons-cli", "commons-collections", "commons-math3"]
        only_flink_needs += ["commons-text", "javassist", "kryo", "lz4-java", "minlog", "objenesis"]
        self.assertEqual(others, [*only_flink_needs, "slf4j-simple"])

    def test_there_is_no_flink(self) -> None:
        for name, root in self.images.roots.items():
            with self.subTest(name):
                # Ours names a service of Flink's, which nobody asks for there.
                self.assertEqual(set(flink_in(root)) - {JAR}, set())

    def test_every_provider_of_a_service_is_there(self) -> None:
        for name, root in self.images.roots.items():
            with self.subTest(name):
                self.assertEqual(missing_providers(root / HOME), [])

    def test_flink_or_a_missing_provider_is_found(self) -> None:
        folder = self.new_folder("libraries ")
        shutil.copy(next(TARGET.glob("lib/flink-annotations-*.jar")), folder)
        with zipfile.ZipFile(folder / "service.jar", "w") as jar:
            jar.writestr("META-INF/services/org.example.Service", "# all\norg.example.Provider # the only one\n")
        self.assertEqual(len(flink_in(folder)), 1)
        self.assertEqual(missing_providers(folder), ["org.example.Provider, named in service.jar"])

    def context(self) -> Path:
        """A folder with all that the images are built from, and more, but small."""
        context = self.new_folder("build context ")
        for name in (".dockerignore", *DOCKERFILES.values()):
            shutil.copy(ROOT / name, context)
        others = ("README.md", ".env", "target/xml-to-bigquery-local-stack.jar", "target/xml-to-bigquery-xerces.jar", "target/lib/flink-core-1.jar")
        for name in (*FOR_IMAGES, *others):
            (context / name).parent.mkdir(parents=True, exist_ok=True)
            (context / name).write_text(name)
        return context

    def test_a_new_jar_of_ours_changes_the_last_layer_only(self) -> None:
        for name, dockerfile in DOCKERFILES.items():
            with self.subTest(name):
                context = self.context()
                first, again = self.build(context, dockerfile), self.build(self.context(), dockerfile)
                self.assertEqual(first, again, "the same files don't make the same image")
                (context / "target" / JAR).write_text("changed")
                before = self.buildah.inspect(first).layers
                after = self.buildah.inspect(self.build(context, dockerfile)).layers
                self.assertEqual(after[:-1], before[:-1])
                self.assertNotEqual(after[-1], before[-1])
                self.assertLessEqual(len(after), 3)

    def build(self, context: Path, dockerfile: str) -> str:
        return self.buildah.build(context, dockerfile, "--layers", "--no-cache", "--build-arg", "BASE=scratch")

    def test_the_build_sees_no_other_files(self) -> None:
        context = self.context()
        (context / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
        self.assertEqual(set(contents(self.buildah.unpack(self.buildah.build(context, "Dockerfile")))), FOR_IMAGES)


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


class LaunchTest(ImagesTestCase):
    """The main class, run in the images as the launcher and boot would."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        state = cls.images.folder / "local stack"
        cls.stack = (ROOT / "bin" / "local-stack", f"--state={state}")
        cls.addClassCleanup(run, *cls.stack, "down")
        up = run(*cls.stack, "up")
        cls.streaming = up.returncode == 0
        if not cls.streaming:  # There may be no Pub/Sub here.
            up = run(*cls.stack, "up", "--without-pubsub")
        if up.returncode != 0:
            raise AssertionError(up.stderr)
        described = json.loads(run(*cls.stack, "env", "--json").stdout)
        cls.options, cls.variables = described["options"], described["environment"]

    def launch(self, *parameters: str, root: Path | None = None) -> subprocess.CompletedProcess[str]:
        """As the template's launcher does, by the image's environment."""
        environment = self.buildah.inspect(self.images.ids["launcher"]).environment
        command = [JAVA, *FOR_ONE_START, *environment["FLEX_TEMPLATE_JAVA_OPTIONS"].split()]
        command += ["-cp", environment["FLEX_TEMPLATE_JAVA_CLASSPATH"], environment["FLEX_TEMPLATE_JAVA_MAIN_CLASS"]]
        return self.buildah.start(root or self.images.roots["launcher"], environment, *command, *parameters)

    def job(self, *parameters: str, root: Path | None = None) -> dict[str, Any]:
        """The job that is launched, with every parameter that the template has a default for."""
        metadata = json.loads((ROOT / "metadata.json").read_text())
        defaults = {p["name"]: p["defaultValue"] for p in metadata["parameters"] if "defaultValue" in p}
        graph = "gs://staging/launched/job.json"
        result = self.launch(
            *self.options,
            *(f"--{name}={value}" for name, value in defaults.items()),
            *("--runner=DataflowRunner", "--region=europe-west1", "--jobName=launched", f"--templateLocation={graph}"),
            *("--sdkContainerImage=registry.example.com/sdk:1", "--experiments=use_network_tags=a", *parameters),
            root=root,
        )
        self.assertEqual(result.returncode, 0, result.stderr)
        # What Beam says is logged.
        self.assertIn("INFO Template successfully created.", result.stderr)
        return json.loads(self.stored(graph))

    def stored(self, uri: str) -> bytes:
        bucket, name = uri.removeprefix("gs://").split("/", 1)
        host = self.variables["STORAGE_EMULATOR_HOST"]
        object_url = f"{host}/storage/v1/b/{bucket}/o/{urllib.parse.quote(name, safe='')}?alt=media"
        with NO_PROXY.open(object_url, timeout=30) as answer:
            return answer.read()

    def test_wrong_options_are_named(self) -> None:
        result = self.launch("--runner=DataflowRunner", "--project=p", "--region=r", "--input=/data/a*.xml")
        self.assertEqual(result.returncode, 1)
        for problem in ("--output is missing", "--deadLetterDir is missing", "--input: Dataflow can't reach /data/"):
            self.assertIn(problem, result.stderr)

    def test_a_backfill_is_launched(self) -> None:
        job = self.job(
            *("--input=gs://landing/a/**.xml", "--output=local-project:demo", "--deadLetterDir=gs://dead-letter/a"),
        )
        self.assertEqual(job["type"], "JOB_TYPE_BATCH")
        self.check(job)

    def test_a_streaming_job_is_launched(self) -> None:
        if not self.streaming:
            self.skipTest("there is no emulator of Pub/Sub")
        job = self.job(
            *(f"--inputSubscription={self.variables['LOCAL_STACK_SUBSCRIPTION']}", "--reconcileInterval=1h"),
            *("--storageWriteApiTriggeringFrequencySec=2", "--input=gs://landing/**.xml"),
            *("--output=local-project:demo", "--deadLetterDir=gs://dead-letter/a"),
        )
        self.assertEqual(job["type"], "JOB_TYPE_STREAMING")
        self.assertIn("enable_streaming_engine", job["environment"]["experiments"])
        self.check(job)

    def check(self, job: dict[str, Any]) -> None:
        """What holds for both kinds of job, for the runner that takes a container of ours."""
        environment = job["environment"]
        self.assertLessEqual({"use_runner_v2", "use_network_tags=a"}, set(environment["experiments"]))
        [pool] = environment["workerPools"]
        images = [image["containerImage"] for image in pool["sdkHarnessContainerImages"]]
        self.assertEqual(images, ["registry.example.com/sdk:1"])
        [staged] = pool["packages"]
        self.assertRegex(staged["name"], r"^xml-to-bigquery-[^/]*\.jar$")
        pipeline = self.stored(environment["sdkPipelineOptions"]["options"]["pipelineUrl"])
        for step in (b"Find files", b"Read files", b"Write customers", b"Write file_loads"):
            self.assertIn(step, pipeline)
        self.assertNotRegex(pipeline, rb"(?i)flink|DirectRunner")

    def test_a_missing_library_is_found(self) -> None:
        root = self.buildah.unpack(self.images.ids["launcher"])
        next((root / HOME).glob("lib/beam-sdks-java-extensions-google-cloud-platform-core-*.jar")).unlink()
        with self.assertRaisesRegex(AssertionError, "NoClassDefFoundError|No filesystem found for scheme gs"):
            self.job(
                *("--input=gs://landing/a/**.xml", "--output=local-project:demo", "--deadLetterDir=gs://dead-letter/a"),
                root=root,
            )

    def test_workers_find_the_libraries_behind_the_staged_jar(self) -> None:
        """Boot puts what was staged before what its option files name, both into the manifest of a jar."""
        root = self.buildah.unpack(self.images.ids["sdk"])
        staged = root / "staged/xml-to-bigquery-0123.jar"
        staged.parent.mkdir()
        shutil.copy(TARGET / JAR, staged)
        option = json.loads((root / OPTION_FILE).read_text())
        classpath = ["/staged/xml-to-bigquery-0123.jar", *option["options"]["classpath"]]
        with zipfile.ZipFile(root / "pathing.jar", "w") as jar:
            text = "Class-Path: " + " ".join(f"file:{name}" for name in classpath)
            lines = [text[:70], *(" " + text[start : start + 69] for start in range(70, len(text), 69))]
            jar.writestr("META-INF/MANIFEST.MF", "\n".join(["Manifest-Version: 1.0", *lines, "", ""]))
        command = (JAVA, *FOR_ONE_START, "-verbose:class", "-cp", "/pathing.jar")
        ours = self.buildah.start(root, {}, *command, "io.xmltobigquery.XmlToBigQuery", "--runner=DataflowRunner")
        self.assertIn("--output is missing", ours.stderr)
        self.assertRegex(ours.stdout, r"io\.xmltobigquery\.XmlToBigQuery source: file:/staged/")
        self.assertRegex(ours.stdout, rf"org\.apache\.beam\.sdk\.Pipeline source: .*/{HOME}/lib/")


class DockerfileTest(unittest.TestCase):
    """The Dockerfiles as texts."""

    def test_hadolint_finds_nothing(self) -> None:
        for dockerfile in DOCKERFILES.values():
            with self.subTest(dockerfile):
                self.assertEqual(self.lint((ROOT / dockerfile).read_text()), "")

    def test_hadolint_finds_a_mistake(self) -> None:
        for dockerfile in DOCKERFILES.values():
            text = (ROOT / dockerfile).read_text()
            for mistake, old, new in (
                ("DL3020", "COPY LICENSE", "ADD LICENSE"),
                ("DL3007", "FROM ${BASE}", "FROM debian:latest"),
                ("DL4000", "LABEL ", "MAINTAINER me\nLABEL "),
                ("unexpected", "COPY LICENSE", "COPPY LICENSE"),
            ):
                with self.subTest(dockerfile, mistake=mistake):
                    self.assertIn(old, text)
                    self.assertIn(mistake, self.lint(text.replace(old, new)))

    def lint(self, text: str) -> str:
        with tempfile.TemporaryDirectory(prefix="docker files ") as folder:
            file = Path(folder, "Dockerfile")
            file.write_text(text)
            result = run(linter("hadolint"), "--no-color", file)
            return "" if result.returncode == 0 else result.stdout + result.stderr + "?"

    def test_the_workers_run_the_beam_and_the_java_of_the_pom(self) -> None:
        text = (ROOT / "Dockerfile_SDK").read_text()
        self.assertEqual(base_of("Dockerfile_SDK"), sdk_of_pom())
        self.assertNotEqual(base_of("Dockerfile_SDK", text.replace("2.70.0", "2.69.0")), sdk_of_pom())

    def test_the_launcher_runs_the_java_of_the_pom(self) -> None:
        release = of_pom("maven.compiler.release")
        self.assertIn(f"/java{release}-template-launcher-base:", base_of("Dockerfile_Launcher"))


def sdk_of_pom() -> str:
    return f"docker.io/apache/beam_java{of_pom('maven.compiler.release')}_sdk:{of_pom('beam.version')}"


def of_pom(name: str) -> str:
    return re.search(rf"<{re.escape(name)}>([^<]*)</", (ROOT / "pom.xml").read_text())[1]


if __name__ == "__main__":
    unittest.main()
