package io.xmltobigquery.flow;

import io.xmltobigquery.options.Runner;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;

/**
 * Lets elements pass when they will not be made again in another form: after a restart the same
 * elements come again, or none. It stands before a step whose effect can't be taken back, such as
 * deleting a file.
 *
 * <p>On Flink elements wait here for a checkpoint that they are part of. {@code
 * RequiresStableInput} should do the same, but doesn't: when the first checkpoint after a restart
 * is complete, Beam's runner also lets pass what has come since that checkpoint was begun. On
 * Dataflow, what has passed a shuffle is written down.
 */
public final class StableInput<T> extends PTransform<PCollection<T>, PCollection<T>> {

  private static final long serialVersionUID = 1L;

  private final SerializableFunction<T, Integer> hash;

  private StableInput(SerializableFunction<T, Integer> hash) {
    this.hash = hash;
  }

  /** Waits with elements of a streaming job. */
  public static <T> StableInput<T> create() {
    return new StableInput<>(element -> ThreadLocalRandom.current().nextInt());
  }

  /** The same, where on Flink the elements of each key stay in their order. */
  public static <T> StableInput<T> inOrderOf(SerializableFunction<T, ?> key) {
    return new StableInput<>(element -> key.apply(element).hashCode());
  }

  @Override
  public PCollection<T> expand(PCollection<T> elements) {
    if (Runner.of(elements.getPipeline().getOptions()) != Runner.FLINK) {
      return elements.apply("Shuffle", Reshuffle.viaRandomKey());
    }
    SerializableFunction<T, Integer> hash = this.hash;
    return elements
        .apply(
            "Share out",
            WithKeys.<Integer, T>of(element -> Math.floorMod(hash.apply(element), HoldFn.SHARES))
                .withKeyType(TypeDescriptors.integers()))
        .apply("Wait for checkpoint", ParDo.of(new HoldFn<>(elements.getCoder())))
        .setCoder(elements.getCoder());
  }

  /**
   * Holds elements in its state. A bundle's finalizer tells when a checkpoint is complete that has
   * all elements of the bundle. And what another attempt has left in the state is from a checkpoint
   * that is complete, or it would not be there.
   */
  private static final class HoldFn<T> extends DoFn<KV<Integer, T>, T> {
    private static final long serialVersionUID = 1L;

    /** As many workers can share the work. */
    static final int SHARES = 16;

    /** How often it looks whether elements may pass. */
    private static final Duration PAUSE = Duration.millis(200);

    /** By attempt and its bundle. */
    @StateId("held")
    private final StateSpec<BagState<KV<String, KV<Long, T>>>> heldSpec;

    /** It is set if and only if something is held. */
    @TimerId("release")
    private final TimerSpec releaseSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    private transient String attempt;

    /** Flink's runner gives the same one at each call, but none where a timer fires. */
    private transient BundleFinalizer finalizer;

    private transient long bundle;
    private transient boolean willBeTold;

    /** The last of this attempt's bundles that is in a complete checkpoint. */
    private transient long recorded;

    HoldFn(Coder<T> coder) {
      heldSpec =
          StateSpecs.bag(KvCoder.of(StringUtf8Coder.of(), KvCoder.of(VarLongCoder.of(), coder)));
    }

    @Setup
    public void setUp() {
      attempt = UUID.randomUUID().toString();
    }

    @StartBundle
    public void start() {
      bundle++;
      willBeTold = false;
    }

    @ProcessElement
    public void hold(
        @Element KV<Integer, T> element,
        @StateId("held") BagState<KV<String, KV<Long, T>>> held,
        @TimerId("release") Timer release,
        BundleFinalizer finalizer) {
      this.finalizer = finalizer;
      if (held.isEmpty().read()) {
        release.offset(PAUSE).setRelative();
      }
      held.add(KV.of(attempt, KV.of(bundle, element.getValue())));
      askToBeTold();
    }

    @OnTimer("release")
    public void release(
        @StateId("held") BagState<KV<String, KV<Long, T>>> held,
        @TimerId("release") Timer release,
        OutputReceiver<T> out) {
      List<KV<String, KV<Long, T>>> waiting = new ArrayList<>();
      for (KV<String, KV<Long, T>> element : held.read()) {
        if (element.getKey().equals(attempt) && element.getValue().getKey() > recorded) {
          waiting.add(element);
        } else {
          out.output(element.getValue().getValue());
        }
      }
      held.clear();
      if (!waiting.isEmpty()) {
        waiting.forEach(held::add);
        release.offset(PAUSE).setRelative();
        askToBeTold();
      }
    }

    /** Again in each bundle: of a savepoint, or a checkpoint that fails, nobody tells. */
    private void askToBeTold() {
      if (!willBeTold) {
        long current = bundle;
        finalizer.afterBundleCommit(
            BoundedWindow.TIMESTAMP_MAX_VALUE, () -> recorded = Math.max(recorded, current));
        willBeTold = true;
      }
    }
  }
}
