package dev.architect.spring.ai;

import dev.architect.model.FailureKind;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What exceptions of Spring AI mean. Its models throw what their clients do, which mostly carries a status; those that stand on
 * spring-ai-retry throw one of two types, known here by name, whose message begins with the status.
 */
final class SpringAiFailureReader {

    private static final Pattern STATUS = Pattern.compile("^(?:HTTP )?([45]\\d\\d) - ");

    private SpringAiFailureReader() {}

    static Optional<FailureKind> read(Throwable failure) {
        return switch (failure.getClass().getName()) {
            case "org.springframework.ai.retry.TransientAiException" ->
                Optional.of(status(failure).orElse(FailureKind.UNAVAILABLE));
            case "org.springframework.ai.retry.NonTransientAiException" ->
                Optional.of(status(failure).orElse(FailureKind.INVALID_REQUEST));
            default -> Optional.empty();
        };
    }

    private static Optional<FailureKind> status(Throwable failure) {
        Matcher status = STATUS.matcher(String.valueOf(failure.getMessage()));
        return status.find()
                ? Optional.of(FailureKind.ofHttpStatus(Integer.parseInt(status.group(1))))
                : Optional.empty();
    }
}
