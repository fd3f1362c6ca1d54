package io.xmltobigquery.flow.write.bigquery.wire;

import static com.google.common.truth.Truth.assertWithMessage;

import com.google.cloud.bigquery.storage.v1.BigDecimalByteStringEncoder;
import com.google.protobuf.ByteString;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against Google's own encoder. Single values are in {@link ProtoRowWriterTest}. */
final class ScaledDecimalTest {

  private final Random random = new Random(1);
  private final ScaledDecimal decimals = new ScaledDecimal();

  private ByteString encode(String decimal, int scale) {
    char[] text = ("x" + decimal + "9").toCharArray();
    byte[] bytes = new byte[ScaledDecimal.MAX_LENGTH];
    int length = decimals.encode(text, 1, text.length - 1, scale, bytes);
    return ByteString.copyFrom(bytes, 0, length);
  }

  /** A number of any length, near powers of two too, where another byte is needed. */
  private BigInteger unscaled(int bits) {
    int length = random.nextInt(bits);
    BigInteger value =
        random.nextBoolean()
            ? new BigInteger(length, random)
            : BigInteger.ONE.shiftLeft(length).subtract(BigInteger.valueOf(random.nextInt(3)));
    return random.nextBoolean() ? value : value.negate();
  }

  @Test
  void encodesNumeric() {
    BigInteger bound = BigInteger.TEN.pow(38);
    for (int i = 0; i < 100_000; i++) {
      BigDecimal value = new BigDecimal(unscaled(127).remainder(bound), 9);
      assertWithMessage("%s", value)
          .that(encode(value.setScale(9 + random.nextInt(3)).toPlainString(), 9))
          .isEqualTo(BigDecimalByteStringEncoder.encodeToNumericByteString(value));
    }
  }

  @Test
  void encodesBignumeric() {
    for (int i = 0; i < 100_000; i++) {
      BigDecimal value = new BigDecimal(unscaled(255), 38);
      BigDecimal shortest = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
      assertWithMessage("%s", value)
          .that(encode((random.nextBoolean() ? value : shortest).toPlainString(), 38))
          .isEqualTo(BigDecimalByteStringEncoder.encodeToBigNumericByteString(value));
    }
  }
}
