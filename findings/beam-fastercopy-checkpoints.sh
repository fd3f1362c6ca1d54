#!/bin/sh
# With --fasterCopy, a checkpoint of Beam's Flink runner holds state from after the checkpoint.
#
# Found: one task counts the elements 0, 1, 2 … in a CombiningState, and fails once after some checkpoints. When it
# has gone back to the last of them, the count must be that of the elements up to there. With --fasterCopy=true it is
# higher: elements that come again are counted twice. With --objectReuse=true instead, or with neither, it is right.
# The option's help speaks of copies "between stages", and says that elements must not be mutated. One would guess that
# it is safe where no step changes an element. But Flink's heap state also relies on copies while a checkpoint is
# written in the background, and Beam's combining state changes its accumulators in place. The state's coder is slow
# here, so that elements come while it is written; a large state is slow by itself.
#
# beam-runners-flink-1.19 2.70.0 on its embedded Flink, Java 17. Seen 2026-11-29; the output is below.
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
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
END
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath -Dmdep.outputFile=classpath >maven.log 2>&1 ||
  { cat maven.log; exit 1; }

cat >Find.java <<'END'
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.state.CombiningState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;

public class Find {
  static final long ELEMENTS = 400;
  static final long FAILS_AT = 250;
  static final AtomicBoolean failed = new AtomicBoolean();
  static final AtomicBoolean tooHigh = new AtomicBoolean();
  static final CountDownLatch done = new CountDownLatch(1);

  public static void main(String[] args) throws Exception {
    FlinkPipelineOptions options =
        PipelineOptionsFactory.fromArgs(
                "--runner=FlinkRunner", "--flinkMaster=[local]", "--parallelism=1", "--streaming=true",
                "--checkpointingInterval=500", "--numberOfExecutionRetries=3", "--attachedMode=false",
                "--stateBackend=filesystem", "--stateBackendStoragePath=file://" + args[1], args[0])
            .as(FlinkPipelineOptions.class);
    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply(GenerateSequence.from(0).withRate(100, Duration.standardSeconds(1)))
        .apply(WithKeys.of("all"))
        .apply(ParDo.of(new Count()));
    pipeline.run();
    if (!done.await(2, TimeUnit.MINUTES)) {
      throw new IllegalStateException("the job has not come to its last element");
    }
    System.out.println(args[0] + ": " + (tooHigh.get() ? "more than there are" : "each element once"));
    System.exit(0);
  }

  static class Count extends DoFn<KV<String, Long>, Void> {
    @StateId("count")
    private final StateSpec<CombiningState<Long, long[], Long>> spec =
        StateSpecs.combining(new SlowCoder(), Sum.ofLongs());

    @ProcessElement
    public void count(@Element KV<String, Long> element, @StateId("count") CombiningState<Long, long[], Long> count) {
      long number = element.getValue();
      if (number == FAILS_AT && failed.compareAndSet(false, true)) {
        throw new IllegalStateException("once");
      }
      count.add(1L);
      if (count.read() > number + 1) {
        tooHigh.set(true);
      }
      if (number == ELEMENTS) {
        done.countDown();
      }
    }
  }

  static class SlowCoder extends CustomCoder<long[]> {
    @Override
    public void encode(long[] value, OutputStream out) throws IOException {
      try {
        Thread.sleep(300);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      new DataOutputStream(out).writeLong(value[0]);
    }

    @Override
    public long[] decode(InputStream in) throws IOException {
      return new long[] {new DataInputStream(in).readLong()};
    }

    @Override
    public void verifyDeterministic() {}
  }
}
END
cat >expected <<'END'
--fasterCopy=true: more than there are
--objectReuse=true: each element once
--fasterCopy=false: each element once
END
javac -nowarn -cp "$(cat classpath)" Find.java >errors 2>&1 || { cat errors; exit 1; }
for option in --fasterCopy=true --objectReuse=true --fasterCopy=false; do
  mkdir "state$option"
  java --add-opens=java.base/java.util=ALL-UNNAMED --add-opens=java.base/java.lang=ALL-UNNAMED \
    -Djava.io.tmpdir="$work" -cp ".:$(cat classpath)" Find "$option" "$work/state$option" 2>errors || { cat errors; exit 1; }
done >actual
if ! cmp -s expected actual; then
  printf '%s\n' "expected:" "$(cat expected)" "but was:" "$(cat actual)"
  exit 1
fi
cat actual
