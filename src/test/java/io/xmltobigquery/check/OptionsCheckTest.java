package io.xmltobigquery.check;

import static com.google.common.truth.Truth.assertThat;

import io.xmltobigquery.options.WriteMode;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OptionsCheckTest {

  @TempDir Path dir;

  private XmlToBigQueryOptions options;

  @BeforeEach
  void createGoodOptions() throws IOException {
    options = PipelineOptionsFactory.as(XmlToBigQueryOptions.class);
    options.setInput(Files.createFile(dir.resolve("a.xml")).toString());
    options.setOutput(dir + "/out");
    options.setDeadLetterDir(dir + "/dead");
  }

  @Test
  void goodOptionsHaveNoProblem() {
    assertThat(problems()).isEmpty();
  }

  @Test
  void missingOptionsAreAllNamed() {
    List<String> problems =
        OptionsCheck.of(PipelineOptionsFactory.as(XmlToBigQueryOptions.class)).problems();

    assertThat(problems)
        .containsExactly(
            "--input is missing: give the files to load, such as 'data/*.xml', or --inputSubscription",
            "--output is missing: give a dataset, as PROJECT:DATASET, or a directory",
            "--deadLetterDir is missing: give a directory for rejected files");
  }

  @Test
  void emptyOptionsAreMissing() {
    options.setInput("");
    options.setOutput(" ");
    options.setDeadLetterDir("");

    assertThat(problems()).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "burn, 'is not a valid value; use keep, delete or move:DIR'",
    "move:, names no directory",
    "move:s3://bucket/loaded, is on no file system known here"
  })
  void acceptedInputMustBePossible(String value, String problem) {
    options.setAcceptedInput(value);

    assertThat(problems()).hasSize(1);
    assertThat(problems().get(0)).startsWith("--acceptedInput: ");
    assertThat(problems().get(0)).contains(problem);
  }

  @Test
  void whatWasMovedIsNoInput() throws IOException {
    Files.createDirectories(dir.resolve("loaded"));
    options.setInput(Files.createFile(dir.resolve("loaded/a.xml")).toString());
    options.setAcceptedInput("move:" + dir + "/loaded");

    assertThat(problems()).hasSize(1);
    assertThat(problems().get(0)).contains("is in the directory of --acceptedInput");
  }

  @Test
  void reconciliationIsForStreamingOnly() {
    options.setReconcileInterval("1h");

    assertThat(problems())
        .containsExactly(
            "--reconcileInterval: a backfill lists --input once; it goes with --inputSubscription");
  }

  @Test
  void allProblemsAreReportedAtOnce() {
    options.setInput(dir + "/no.xml");
    options.setOutput(dir + "/a.xml/out");
    options.setDeadLetterDir("s3://bucket/dead");
    options.setMapping(dir + "/no.json");
    options.setChunkSizeMb(0);
    options.setMaxRecordBytes(1L);

    assertThat(problems())
        .containsExactly(
            "--input: there is no file " + dir + "/no.xml",
            "--output: " + dir + "/a.xml is a file; give a directory",
            "--deadLetterDir: s3://bucket/dead is on no file system known here; give a local path"
                + " or gs://",
            "--mapping: there is no file " + dir + "/no.json",
            "--chunkSizeMb: 0 is out of range; choose from 1 to 16",
            "--maxRecordBytes: 1 is out of range; choose from 1048576 to 536870912")
        .inOrder();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*.xml", "**.xml", "b[12].xml", "{a,b}.xml", "?.xml", "*/{b,c}/*.xml", "no/*.xml"})
  void aWildcardMayMatchNothing(String pattern) {
    options.setInput(dir + "/x" + pattern);

    assertThat(problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a[1].xml", "a{1}.xml", "a*.xml", "{d}/a.xml", "a[.xml", "a#b %41 ü.xml"})
  void aNamedFileMayHaveAnyName(String name) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    options.setInput(Files.createFile(file).toString());

    assertThat(problems()).isEmpty();
  }

  @Test
  void aDirectoryAsInputIsExplained() {
    options.setInput(dir + "/");

    assertThat(problems())
        .containsExactly(
            "--input: " + dir + "/ is a directory; name its files, such as '" + dir + "/*.xml'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gs://", "gs://*/a.xml", "gs://My_Bucket/x/*.xml", "gs:///x"})
  void namesThatTheirFileSystemCannotHaveAreExplained(String name) {
    options.setInput(name);
    options.setDeadLetterDir("gs://Un_Known/dead");

    assertThat(problems()).hasSize(2);
    assertThat(problems().get(0))
        .startsWith("--input: " + name + " isn't a name of that file system: ");
  }

  @Test
  void aBucketIsADirectory() {
    options.setOutput("gs://bucket");
    options.setDeadLetterDir("gs://dead-letter");

    assertThat(problems()).isEmpty();
  }

  @Test
  void inputThatMatchesTheOutputIsRefused() {
    options.setInput(dir + "/**");

    assertThat(problems())
        .containsExactly(
            "--input: "
                + dir
                + "/** also matches what this job writes to --output; name the files' ending, such"
                + " as *.xml, or another --output");
  }

  @Test
  void patternsThatLocalFilesCannotMatchAreExplained() {
    options.setInput(dir + "/a[.xml");
    assertThat(problems().get(0)).startsWith("--input: " + dir + "/a[.xml isn't a pattern: ");

    options.setInput(dir + "/{a,b}/*.xml");
    assertThat(problems())
        .containsExactly(
            "--input: "
                + dir
                + "/{a,b}/*.xml: { works in the names of local files but not of directories; use"
                + " * or ?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://bucket/a.xml", "s3://bucket/*.xml", "hdfs://host/**"})
  void aFileSystemThatIsNotKnownIsAProblem(String name) {
    options.setInput(name);
    options.setOutput(name);
    options.setDeadLetterDir(name);
    options.setMapping(name);

    assertThat(problems()).hasSize(4);
    for (String problem : problems()) {
      assertThat(problem).containsMatch("^--[a-zA-Z]+: " + java.util.regex.Pattern.quote(name));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dead/*.xml", "dead/**", "dead/files/a.xml", "out/../dead/*"})
  void inputFromTheDeadLetterWouldBeSkipped(String input) throws IOException {
    Files.createDirectories(dir.resolve("dead/files"));
    Files.createDirectories(dir.resolve("out"));
    Files.createFile(dir.resolve("dead/files/a.xml"));
    options.setInput(dir + "/" + input);

    assertThat(problems()).hasSize(1);
    assertThat(problems().get(0)).startsWith("--input: " + dir + "/" + input + " is in --dead");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dead-letters/*.xml", "*/*.xml", "**.xml", "deadly.xml*"})
  void inputBesideOrAroundTheDeadLetterIsFine(String input) {
    options.setInput(dir + "/" + input);

    assertThat(problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"my-project:dataset", "example.com:my-project:data_set"})
  void aBigQueryDatasetIsFine(String output) {
    options.setOutput(output);

    assertThat(problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gs://landing", "gs://landing/"})
  void aBucketIsNoInput(String input) {
    options.setInput(input);

    assertThat(problems())
        .containsExactly(
            "--input: " + input + " is a bucket; name its objects, such as 'gs://landing/**.xml'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"my-project:sales-data", "MyProject:x", "my-project:sales.orders"})
  void aMistypedDatasetIsNoDirectory(String output) {
    options.setOutput(output);

    assertThat(problems()).hasSize(1);
    assertThat(problems().get(0)).startsWith("--output: " + output + " is not a dataset");
  }

  @Test
  void aBackfillHasNoTrigger() {
    options.setOutput("my-project:dataset");
    options.as(BigQueryOptions.class).setStorageWriteApiTriggeringFrequencySec(5);

    assertThat(problems()).hasSize(1);
    assertThat(problems().get(0)).startsWith("--storageWriteApiTriggeringFrequencySec: ");
  }

  @Test
  @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aMissingFileIsNotSearchedForInTheWholeTree() {
    options.setInput("/no-such-file.xml");

    assertThat(problems()).containsExactly("--input: there is no file /no-such-file.xml");
  }

  @Test
  void exactlyOnceCannotShareConnections() {
    options.setOutput("my-project:dataset");
    options.as(BigQueryOptions.class).setUseStorageApiConnectionPool(true);

    assertThat(problems()).hasSize(1);
    assertThat(problems().get(0)).startsWith("--useStorageApiConnectionPool: ");
    options.setWriteMode(WriteMode.AT_LEAST_ONCE);
    assertThat(problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"results.2024", "out", "gs://bucket/out", "a b/ü", "../out", "c:d/e"})
  void otherNamesAreDirectories(String output) {
    options.setOutput(output);

    assertThat(problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1, true", "16, true", "0, false", "17, false", "-1, false"})
  void chunksHaveASizeInRange(int megabytes, boolean good) {
    options.setChunkSizeMb(megabytes);

    assertThat(problems().isEmpty()).isEqualTo(good);
  }

  @ParameterizedTest
  @CsvSource({"1048576, true", "536870912, true", "1048575, false", "536870913, false"})
  void recordsHaveALimitInRange(long bytes, boolean good) {
    options.setMaxRecordBytes(bytes);

    assertThat(problems().isEmpty()).isEqualTo(good);
  }

  @Test
  void allMistakesOfAMappingAreReported() throws IOException {
    Path mapping =
        Files.writeString(
            dir.resolve("mapping.json"),
            """
            {"tables": [{"table": "t", "record": "/r/t", "fields": [
              {"name": "a", "type": "TEXT"}, {"name": "b", "type": "STRING", "mode": "MANY"}]}]}
            """);
    options.setMapping(mapping.toString());

    List<String> problems = problems();

    assertThat(problems).hasSize(2);
    assertThat(problems.get(0)).startsWith("--mapping: " + mapping + ": /tables/0/fields/0/type");
    assertThat(problems.get(1)).startsWith("--mapping: " + mapping + ": /tables/0/fields/1/mode");
  }

  @Test
  void aMappingThatCannotBeReadIsExplained() throws IOException {
    options.setMapping(dir.toString());
    assertThat(problems()).hasSize(1);
    assertThat(problems().get(0))
        .isEqualTo("--mapping: " + dir + " can't be read: " + dir + " is a directory");

    options.setMapping(Files.writeString(dir.resolve("m.json"), "{").toString());
    assertThat(problems()).hasSize(1);
    assertThat(problems().get(0)).startsWith("--mapping: " + dir + "/m.json: ");
  }

  @Test
  void aFileThatIsTooLargeForAMappingIsNotRead() throws IOException {
    Path large = dir.resolve("large.xml");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(100_000_000_000L);
    }
    options.setMapping(large.toString());

    assertThat(problems())
        .containsExactly(
            "--mapping: "
                + large
                + " can't be read: it has 100000000000 bytes, and a mapping has 10000000 at most");
  }

  private List<String> problems() {
    return OptionsCheck.of(options).problems();
  }
}
