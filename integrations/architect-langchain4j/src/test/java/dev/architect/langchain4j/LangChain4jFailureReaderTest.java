package dev.architect.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.testkit.provider.ProviderCalls;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.JsonReadException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What failures of LangChain4j's models mean. */
final class LangChain4jFailureReaderTest {

    static Arguments[] failures() {
        return new Arguments[] {
            Arguments.of(new RateLimitException(http(429)), FailureKind.RATE_LIMITED, 429, DeliveryStatus.ANSWERED),
            Arguments.of(new RateLimitException("slow"), FailureKind.RATE_LIMITED, 0, DeliveryStatus.ANSWERED),
            Arguments.of(
                    new RateLimitException(new HttpException(429, "{\"code\":\"insufficient_quota\"}")),
                    FailureKind.QUOTA_EXHAUSTED,
                    429,
                    DeliveryStatus.ANSWERED),
            Arguments.of(
                    new AuthenticationException(http(401)), FailureKind.AUTHENTICATION, 401, DeliveryStatus.ANSWERED),
            Arguments.of(new TimeoutException("late"), FailureKind.TIMEOUT, 0, DeliveryStatus.UNKNOWN),
            Arguments.of(new InternalServerException(http(503)), FailureKind.OVERLOADED, 503, DeliveryStatus.ANSWERED),
            Arguments.of(new InternalServerException(http(500)), FailureKind.UNAVAILABLE, 500, DeliveryStatus.ANSWERED),
            Arguments.of(new InternalServerException("down"), FailureKind.UNAVAILABLE, 0, DeliveryStatus.UNKNOWN),
            Arguments.of(
                    new InvalidRequestException(http(400)), FailureKind.INVALID_REQUEST, 400, DeliveryStatus.ANSWERED),
            Arguments.of(
                    new InvalidRequestException(new HttpException(400, "{\"code\":\"context_length_exceeded\"}")),
                    FailureKind.CONTEXT_TOO_LONG,
                    400,
                    DeliveryStatus.ANSWERED),
            Arguments.of(
                    new ContentFilteredException(http(400)), FailureKind.CONTENT_REFUSED, 400, DeliveryStatus.ANSWERED),
            Arguments.of(
                    new ModelNotFoundException(http(404)), FailureKind.MODEL_NOT_FOUND, 404, DeliveryStatus.ANSWERED),
            Arguments.of(http(402), FailureKind.QUOTA_EXHAUSTED, 402, DeliveryStatus.ANSWERED),
            Arguments.of(
                    new JsonReadException(new IOException("odd")), FailureKind.PROTOCOL, 0, DeliveryStatus.UNKNOWN),
            Arguments.of(
                    new UnresolvedModelServerException(new UnresolvedAddressException()),
                    FailureKind.UNAVAILABLE,
                    0,
                    DeliveryStatus.NOT_SENT),
            Arguments.of(
                    new LangChain4jException(new ConnectException("refused")),
                    FailureKind.UNAVAILABLE,
                    0,
                    DeliveryStatus.NOT_SENT),
            Arguments.of(
                    new LangChain4jException(new SocketTimeoutException("late")),
                    FailureKind.TIMEOUT,
                    0,
                    DeliveryStatus.UNKNOWN),
            Arguments.of(
                    new LangChain4jException(new InterruptedException()),
                    FailureKind.UNAVAILABLE,
                    0,
                    DeliveryStatus.UNKNOWN),
            Arguments.of(
                    new UnsupportedFeatureException("no schema"), FailureKind.UNSUPPORTED, 0, DeliveryStatus.NOT_SENT),
            Arguments.of(new IllegalStateException("bug"), FailureKind.UNAVAILABLE, 0, DeliveryStatus.UNKNOWN),
        };
    }

    @ParameterizedTest
    @MethodSource("failures")
    void mapsToItsFailureKind(RuntimeException thrown, FailureKind kind, int status, DeliveryStatus delivery) {
        ProviderException failure = ProviderCalls.failure(() ->
                LangChain4jProviderTest.provider(FakeChatModel.failing(thrown)).chat(ProviderCalls.of("Hi")));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.status().orElse(0)).isEqualTo(status);
        assertThat(failure.delivery()).isEqualTo(delivery);
        assertThat(failure).hasMessageContaining(thrown.getClass().getSimpleName());
    }

    @Test
    void usersReaderHasPrecedence() {
        LangChain4jProvider provider = LangChain4jProvider.builder("mistral")
                .model("large", FakeChatModel.failing(new RateLimitException(http(429))))
                .failures(failure -> failure instanceof RateLimitException
                        ? Optional.of(FailureKind.QUOTA_EXHAUSTED)
                        : Optional.empty())
                .build();

        assertThat(ProviderCalls.failure(() -> provider.chat(ProviderCalls.of("Hi")))
                        .kind())
                .isEqualTo(FailureKind.QUOTA_EXHAUSTED);
    }

    @Test
    void wordsOfTheVendorStayOut() {
        String secret = "the prompt was: submarine, the key sk-123";

        ProviderException failure = ProviderCalls.failure(() -> LangChain4jProviderTest.provider(
                        FakeChatModel.failing(new InvalidRequestException(new HttpException(400, secret))))
                .chat(ProviderCalls.of("Hi")));

        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain("submarine").doesNotContain("sk-123");
    }

    private static HttpException http(int status) {
        return new HttpException(status, "{\"error\":\"x\"}");
    }
}
