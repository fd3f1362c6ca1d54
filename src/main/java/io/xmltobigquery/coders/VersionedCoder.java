package io.xmltobigquery.coders;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderException;

/**
 * Writes the number of a form, and then the fields one after the other. Whoever changes what a type
 * writes gives it the next number and goes on reading the old form for as long as a job may hold
 * it.
 */
public abstract class VersionedCoder<T> extends AtomicCoder<T> {

  private static final long serialVersionUID = 1L;

  /** The number of the form that {@link #write} writes; all before it are read, too. */
  protected int form() {
    return 1;
  }

  /** Writes the fields. Equal values give equal bytes. */
  protected abstract void write(T value, OutputStream out) throws IOException;

  /**
   * Reads what {@link #write} has written, of this program or of one before it.
   *
   * @param form the number of the form that it has
   */
  protected abstract T read(InputStream in, int form) throws IOException;

  @Override
  public final void encode(T value, OutputStream out) throws IOException {
    out.write(form());
    write(value, out);
  }

  @Override
  public final T decode(InputStream in) throws IOException {
    int form = in.read();
    if (form < 0) {
      throw new EOFException();
    }
    if (form < 1 || form > form()) {
      throw new CoderException(
          "%s finds form %d and knows form %d only: another version of this program wrote it; see \"Change it in place\" in docs/RUNBOOK.md"
              .formatted(getClass().getSimpleName(), form, form()));
    }
    return read(in, form);
  }

  @Override
  public boolean consistentWithEquals() {
    return true;
  }
}
