package io.xmltobigquery.cli;

import java.io.IOException;
import java.net.URL;
import java.util.Enumeration;

/**
 * Hides from Beam most kinds of options that its libraries bring. It checks each of them against
 * all others before the first option is read, which was more than a quarter of the samples of a
 * start on the embedded engine outside of Java's compilers, and goes over all their hundreds of
 * options again for every step of a job. The engine's users rarely give an option of Google's. Any
 * kind can still be asked for by its class.
 */
final class FewOptionKinds extends ClassLoader {

  private static final String REGISTRAR = "org.apache.beam.sdk.options.PipelineOptionsRegistrar";
  private static final String ALL = "META-INF/services/" + REGISTRAR;
  private static final String FEW = "META-INF/xml-to-bigquery/" + REGISTRAR;

  private FewOptionKinds(ClassLoader all) {
    super(all);
  }

  /** From now on, Beam sees the few when it looks for the first time. */
  static void begin() {
    Thread thread = Thread.currentThread();
    thread.setContextClassLoader(new FewOptionKinds(thread.getContextClassLoader()));
  }

  /**
   * From now on, Beam would see all. What it has seen it keeps, until it is told to look again.
   *
   * @return whether it saw the few
   */
  static boolean end() {
    Thread thread = Thread.currentThread();
    if (thread.getContextClassLoader() instanceof FewOptionKinds few) {
      thread.setContextClassLoader(few.getParent());
      return true;
    }
    return false;
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return super.getResources(name.equals(ALL) ? FEW : name);
  }
}
