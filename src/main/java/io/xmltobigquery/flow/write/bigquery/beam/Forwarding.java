package io.xmltobigquery.flow.write.bigquery.beam;

import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Passes the calls of one of Beam's interfaces on to an object that implements it, except those of
 * one method. So a method that Beam adds one day is passed on too, even if it has a default.
 */
final class Forwarding implements InvocationHandler, Serializable {

  private static final long serialVersionUID = 1L;

  private final Object target;
  private final String method;
  private final Replacement replacement;

  private Forwarding(Object target, String method, Replacement replacement) {
    this.target = target;
    this.method = method;
    this.replacement = replacement;
  }

  /** What is done instead of one method. */
  interface Replacement extends Serializable {

    /**
     * Takes a call.
     *
     * @throws Exception as the method
     */
    Object call(Object[] arguments) throws Exception;
  }

  /**
   * An object of an interface. It is serializable if the interface, the target, and what the
   * replacement holds are.
   *
   * @throws IllegalStateException if the interface hasn't exactly one method of that name: calls of
   *     another one would get past us
   */
  static <T> T to(Class<T> type, T target, String method, Replacement replacement) {
    long methods =
        Arrays.stream(type.getMethods()).filter(of -> of.getName().equals(method)).count();
    if (methods != 1) {
      throw new IllegalStateException(
          "Beam's "
              + type.getSimpleName()
              + " has "
              + methods
              + " methods "
              + method
              + ", not one");
    }
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            new Forwarding(target, method, replacement)));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method called, Object @Nullable [] arguments)
      throws Throwable {
    if (called.getName().equals(method)) {
      return replacement.call(arguments);
    }
    try {
      return called.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
