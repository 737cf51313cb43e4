package dev.architect.library.bridge;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Reads the HTTP status that an exception of a library carries. The exceptions of vendors' and Spring's clients have no type in common
 * but the accessor: {@code statusCode()}, {@code getStatusCode()} or {@code code()}, which gives a number or, with Spring, a
 * value that has one.
 */
final class HttpStatusReader {

    // By reflection, so that no client library of a vendor becomes a dependency of this module.
    private static final List<String> ACCESSOR_NAMES = List.of("statusCode", "getStatusCode", "code");
    private static final int MIN_STATUS = 400;
    private static final int MAX_STATUS = 599;

    private HttpStatusReader() {}

    static OptionalInt statusOf(Throwable failure) {
        for (String accessor : ACCESSOR_NAMES) {
            Object value = call(failure, accessor);
            Object number = value instanceof Number ? value : call(value, "value");
            if (number instanceof Integer status && status >= MIN_STATUS && status <= MAX_STATUS) {
                return OptionalInt.of(status);
            }
        }
        return OptionalInt.empty();
    }

    private static Object call(Object subject, String accessor) {
        return accessor(subject.getClass(), accessor)
                .map(method -> {
                    try {
                        return method.invoke(subject);
                    } catch (IllegalAccessException | InvocationTargetException unreadable) {
                        return null;
                    }
                })
                .orElse("nothing");
    }

    /** The accessor as a public type declares it: a value may be of a hidden class behind a public interface. */
    private static Optional<Method> accessor(Class<?> type, String name) {
        // A method of a hidden class cannot be invoked even where it is public itself.
        if (Modifier.isPublic(type.getModifiers())) {
            try {
                return Optional.of(type.getMethod(name));
            } catch (NoSuchMethodException notThere) {
                return Optional.empty();
            }
        }
        return Stream.concat(Stream.ofNullable(type.getSuperclass()), Stream.of(type.getInterfaces()))
                .flatMap(above -> accessor(above, name).stream())
                .findFirst();
    }
}
