package dev.architect.spring.ai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.testkit.provider.ProviderCalls;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.ai.retry.NonTransientAiException;
import org.springframework.ai.retry.TransientAiException;

/** What failures of Spring AI's models mean. */
final class SpringAiFailureReaderTest {

    static Arguments[] failures() {
        return new Arguments[] {
            Arguments.of(new TransientAiException("HTTP 429 - slow down"), FailureKind.RATE_LIMITED),
            Arguments.of(new TransientAiException("503 - full"), FailureKind.OVERLOADED),
            Arguments.of(new TransientAiException("odd"), FailureKind.UNAVAILABLE),
            Arguments.of(new NonTransientAiException("HTTP 401 - key"), FailureKind.AUTHENTICATION),
            Arguments.of(new NonTransientAiException("400 - context_length_exceeded"), FailureKind.CONTEXT_TOO_LONG),
            Arguments.of(new NonTransientAiException("odd"), FailureKind.INVALID_REQUEST),
            Arguments.of(new VendorException(429), FailureKind.RATE_LIMITED),
            Arguments.of(new VendorException(529), FailureKind.OVERLOADED),
            Arguments.of(new SpringException(403), FailureKind.AUTHENTICATION),
            Arguments.of(new IllegalStateException(new SpringException(500)), FailureKind.UNAVAILABLE),
            Arguments.of(new UncheckedIOException(new SocketTimeoutException("late")), FailureKind.TIMEOUT),
            Arguments.of(new UncheckedIOException(new ConnectException("no")), FailureKind.UNAVAILABLE),
            Arguments.of(new UncheckedIOException(new IOException("cut")), FailureKind.UNAVAILABLE),
            Arguments.of(new UnsupportedOperationException("no"), FailureKind.UNSUPPORTED),
            Arguments.of(new IllegalArgumentException("no"), FailureKind.INVALID_REQUEST),
            Arguments.of(new IllegalStateException("bug"), FailureKind.UNAVAILABLE),
        };
    }

    @ParameterizedTest
    @MethodSource("failures")
    void mapsToItsFailureKind(RuntimeException thrown, FailureKind kind) {
        ProviderException failure = ProviderCalls.failure(() ->
                SpringAiProviderTest.provider(FakeChatModel.failing(thrown)).chat(ProviderCalls.of("Hi")));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining(thrown.getClass().getSimpleName());
    }

    @Test
    void statusIsHandedOn() {
        ProviderException failure = ProviderCalls.failure(
                () -> SpringAiProviderTest.provider(FakeChatModel.failing(new SpringException(529)))
                        .chat(ProviderCalls.of("Hi")));

        assertThat(failure.status()).hasValue(529);
    }

    @Test
    void wordsOfTheVendorStayOut() {
        ProviderException failure = ProviderCalls.failure(() -> SpringAiProviderTest.provider(
                        FakeChatModel.failing(new NonTransientAiException("400 - the prompt was: submarine")))
                .chat(ProviderCalls.of("Hi")));

        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain("submarine");
    }

    /** As the exceptions of vendors' own clients. */
    public static final class VendorException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int status;

        VendorException(int status) {
            this.status = status;
        }

        public int statusCode() {
            return status;
        }
    }

    /** As Spring's own status, of which the type is public and the class is not. */
    public interface StatusCode {
        int value();
    }

    /** As the exceptions of Spring's clients. */
    public static final class SpringException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int status;

        SpringException(int status) {
            this.status = status;
        }

        public StatusCode getStatusCode() {
            return new Hidden(status);
        }

        private record Hidden(int value) implements StatusCode {}
    }
}
