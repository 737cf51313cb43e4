package dev.architect.provider.bridge;

import dev.architect.model.FailureKind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.OptionalInt;

/**
 * The status of HTTP that a foreign exception carries. The exceptions of vendors' and Spring's clients have no type in common
 * but the accessor: {@code statusCode()}, {@code getStatusCode()} or {@code code()}, which gives a number or, with Spring, a
 * value that has one.
 */
final class HttpStatus {

    private static final List<String> ACCESSORS = List.of("statusCode", "getStatusCode", "code");
    private static final int LEAST = 400;
    private static final int MOST = 599;

    private HttpStatus() {}

    static OptionalInt of(Throwable failure) {
        for (String accessor : ACCESSORS) {
            Object said = ask(failure, accessor);
            Object number = said instanceof Number ? said : ask(said, "value");
            if (number instanceof Integer status && status >= LEAST && status <= MOST) {
                return OptionalInt.of(status);
            }
        }
        return OptionalInt.empty();
    }

    private static Object ask(Object subject, String accessor) {
        try {
            Method method = subject.getClass().getMethod(accessor);
            Object said = method.invoke(subject);
            return said == null ? "nothing" : said;
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException notThere) {
            return "nothing";
        }
    }

    static FailureKind kind(int status) {
        return switch (status) {
            case 401, 403 -> FailureKind.AUTHENTICATION;
            case 402 -> FailureKind.QUOTA_EXHAUSTED;
            case 408 -> FailureKind.UNAVAILABLE;
            case 429 -> FailureKind.RATE_LIMITED;
            case 503, 529 -> FailureKind.OVERLOADED;
            default -> status >= 500 ? FailureKind.UNAVAILABLE : FailureKind.INVALID_REQUEST;
        };
    }
}
