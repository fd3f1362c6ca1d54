package io.xmltobigquery.flow.write.bigquery.wire;

import static com.google.common.truth.Truth.assertThat;

import com.google.cloud.bigquery.storage.v1.CivilTimeEncoder;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against Google's own encoder. The first and last values are in {@link ProtoRowWriterTest}. */
final class CivilTimeTest {

  private static final LocalDateTime EPOCH = LocalDateTime.of(1970, 1, 1, 0, 0);
  private static final long FIRST =
      ChronoUnit.MICROS.between(EPOCH, LocalDateTime.of(1, 1, 1, 0, 0));
  private static final long END =
      ChronoUnit.MICROS.between(EPOCH, LocalDateTime.of(9999, 12, 31, 23, 59));

  private final Random random = new Random(1);

  @Test
  void packsDateTimeAndBack() {
    random
        .longs(100_000, FIRST, END)
        .forEach(
            micros -> {
              long packed = CivilTime.packDateTime(micros);
              assertThat(packed)
                  .isEqualTo(
                      CivilTimeEncoder.encodePacked64DatetimeMicrosLocalDateTime(
                          EPOCH.plus(micros, ChronoUnit.MICROS)));
              assertThat(CivilTime.dateTimeMicros(packed)).isEqualTo(micros);
            });
  }

  @Test
  void packsTimeAndBack() {
    random
        .longs(100_000, 0, 86_400_000_000L)
        .forEach(
            micros -> {
              long packed = CivilTime.packTime(micros);
              assertThat(packed)
                  .isEqualTo(
                      CivilTimeEncoder.encodePacked64TimeMicrosLocalTime(
                          LocalTime.ofNanoOfDay(micros * 1000)));
              assertThat(CivilTime.timeMicros(packed)).isEqualTo(micros);
            });
  }
}
