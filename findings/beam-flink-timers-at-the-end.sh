#!/bin/sh
# Over the same bounded input, Beam's Flink runner calls a processing-time timer in batch, and drops it in streaming.
#
# Found: a step emits its element again a second later, by a processing-time timer. On Flink with --streaming=false both
# come out. With --streaming=true only the first does, and so it is on the DirectRunner: no error, no warning, and the
# job ends well. The Flink runner does wait at its end, and fires the timers that are left; a comment in its source says
# that pipelines rely on it. But the watermark is at its end by then, so for the step the window has expired, and it
# ignores the timer as late. One would guess from that wait, and from batch, that a timer which is set is called. A
# timer for "at once" makes it a matter of chance: a test with a bounded input then fails on busy machines only, and a
# job that is drained leaves out what was left to a timer.
#
# beam-runners-flink-1.19 2.70.0 on its embedded Flink, beam-runners-direct-java 2.70.0, Java 17.
# Seen 2026-11-29; the output is below.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"
cat >pom.xml <<'END'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.beam</groupId><artifactId>beam-runners-flink-1.19</artifactId><version>2.70.0</version>
      <exclusions><exclusion><groupId>org.apache.beam</groupId><artifactId>beam-runners-java-job-service</artifactId></exclusion></exclusions>
    </dependency>
    <dependency><groupId>org.apache.beam</groupId><artifactId>beam-runners-direct-java</artifactId><version>2.70.0</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
END
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath -Dmdep.outputFile=classpath >maven.log 2>&1 ||
  { cat maven.log; exit 1; }

cat >Find.java <<'END'
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;

public class Find {
  static final Collection<String> out = new ConcurrentLinkedQueue<>();

  public static void main(String[] args) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs(args).create());
    pipeline
        .apply(Create.of(KV.of("key", "element")))
        .apply(ParDo.of(new Again()))
        .apply(ParDo.of(new Collect()));
    PipelineResult.State state = pipeline.run().waitUntilFinish();
    System.out.println(String.join(" ", args) + ": " + state + ", " + out);
  }

  static class Again extends DoFn<KV<String, String>, String> {
    @TimerId("again")
    private final TimerSpec spec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    @ProcessElement
    public void process(@TimerId("again") Timer again, OutputReceiver<String> out) {
      again.offset(Duration.standardSeconds(1)).setRelative();
      out.output("at once");
    }

    @OnTimer("again")
    public void again(OutputReceiver<String> out) {
      out.output("by the timer");
    }
  }

  static class Collect extends DoFn<String, Void> {
    @ProcessElement
    public void collect(@Element String element) {
      out.add(element);
    }
  }
}
END
cat >expected <<'END'
--runner=DirectRunner: DONE, [at once]
--runner=FlinkRunner --flinkMaster=[local] --streaming=false: DONE, [at once, by the timer]
--runner=FlinkRunner --flinkMaster=[local] --streaming=true: DONE, [at once]
END
javac -nowarn -cp "$(cat classpath)" Find.java >errors 2>&1 || { cat errors; exit 1; }
for options in --runner=DirectRunner "--runner=FlinkRunner --flinkMaster=[local] --streaming=false" \
  "--runner=FlinkRunner --flinkMaster=[local] --streaming=true"; do
  # shellcheck disable=SC2086
  java --add-opens=java.base/java.util=ALL-UNNAMED --add-opens=java.base/java.lang=ALL-UNNAMED \
    -Djava.io.tmpdir="$work" -cp ".:$(cat classpath)" Find $options 2>errors || { cat errors; exit 1; }
done >actual
if ! cmp -s expected actual; then
  printf '%s\n' "expected:" "$(cat expected)" "but was:" "$(cat actual)"
  exit 1
fi
cat actual
