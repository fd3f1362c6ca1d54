package io.xmltobigquery.cli;

import io.xmltobigquery.check.MappingCheck;
import io.xmltobigquery.check.OptionsCheck;
import io.xmltobigquery.explore.NamedFiles;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.log.JobLog;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingWarnings;
import io.xmltobigquery.options.Documents;
import io.xmltobigquery.options.OnInvalidRecord;
import io.xmltobigquery.options.Problems;
import io.xmltobigquery.trial.Trial;
import io.xmltobigquery.trial.TrialJson;
import io.xmltobigquery.trial.TrialText;
import io.xmltobigquery.xml.Limits;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;

/**
 * {@code xml-to-bigquery check FILE...}: shows what a load would make of files, and loads nothing.
 */
final class CheckCommand extends Command {

  CheckCommand(PrintStream out, PrintStream err, boolean showProgress) {
    super("check", out, err, showProgress);
  }

  @Override
  boolean takesFiles() {
    return true;
  }

  @Override
  void printHelp() {
    Help.printCheck(out);
  }

  @Override
  int run(List<String> words, List<String> arguments) throws IOException {
    Arguments<CheckOptions> parsed = Arguments.parse(arguments, CheckOptions.class);
    CheckOptions options = parsed.options();
    FileStore store = FileStore.of(options);
    Problems problems = new Problems();
    problems.addAll(parsed.problems());
    if (words.isEmpty()) {
      problems.addAll(
          List.of("the files are missing: give names or patterns, such as 'data/*.xml'"));
    }
    Mapping mapping = MappingCheck.read("--mapping", options.getMapping(), store, problems);
    OptionsCheck.checkMaxRecordBytes(options.getMaxRecordBytes(), problems);
    NamedFiles found = NamedFiles.find(words, store, () -> options.as(GcsOptions.class));
    problems.addAll(problems(found));
    if (mapping == null || problems.count() > 0) {
      return refuse(problems.lines());
    }
    MappingWarnings.of(mapping).forEach(warning -> say("warning: " + JobLog.oneLine(warning)));
    Trial.Settings settings =
        new Trial.Settings(
            new Limits(options.getMaxRecordBytes()),
            options.getOnInvalidRecord() == OnInvalidRecord.DEAD_LETTER,
            options.getDocuments() == Documents.MANY,
            true);
    Trial trial = showingProgress(() -> Trial.of(mapping, found.files(), store, settings));
    if (options.getJson()) {
      TrialJson.write(out, trial);
    } else {
      TrialText.print(out, trial);
    }
    return trial.takesAll() ? CommandLine.OK : CommandLine.NOT_ALL;
  }
}
