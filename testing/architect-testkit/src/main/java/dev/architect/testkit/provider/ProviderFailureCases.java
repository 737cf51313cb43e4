package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatRequest;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.simulator.script.ErrorRate;
import dev.architect.simulator.script.Outage;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderCall;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Failures of a call, and how they are reported. */
abstract class ProviderFailureCases extends ProviderCases {

    ProviderFailureCases(ModelProviderContract contract) {
        super(contract);
    }

    @Test
    void reportsAnInvalidKey() {
        ModelProvider withWrongKey = open(name -> Optional.of("sk-wrong"));

        ProviderException failure = failure(() -> withWrongKey.chat(call()));

        assertThat(failure.kind()).isEqualTo(FailureKind.AUTHENTICATION);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.ANSWERED);
        assertThat(failure.isTransient()).isFalse();
    }

    @Test
    void callsWithoutAKeyOnlyWhereNoneIsRequired() {
        ModelProvider withoutKey = open(name -> Optional.empty());

        ProviderException failure = failure(() -> withoutKey.chat(call()));

        assertThat(failure.kind()).isEqualTo(FailureKind.AUTHENTICATION);
        assertThat(failure.delivery())
                .isEqualTo(contract.needsKey() ? DeliveryStatus.NOT_SENT : DeliveryStatus.ANSWERED);
        assertThat(simulator().log()).hasSize(contract.needsKey() ? 0 : 1);
    }

    @Test
    void readsTheKeyForEachCall() {
        StringBuilder key = new StringBuilder("sk-wrong");
        ModelProvider withChangingKey = open(name -> Optional.of(key.toString()));
        assertFails(FailureKind.AUTHENTICATION, () -> withChangingKey.chat(call()));

        key.replace(0, key.length(), KEY);

        assertThat(withChangingKey.chat(call()).text()).isNotBlank();
    }

    @Test
    void reportsAnUnknownModel() {
        ProviderCall unknown = new ProviderCall("no-such-model", ChatRequest.of(PROMPT), TIMEOUT);

        ProviderException failure = failure(() -> provider().chat(unknown));

        assertThat(failure.kind()).isEqualTo(FailureKind.MODEL_NOT_FOUND);
        assertThat(failure.isTransient()).isFalse();
        assertThat(failure.model().model()).isEqualTo("no-such-model");
        assertThat(failure.status()).isPresent();
    }

    @Test
    void reportsAnAccountWithoutCredit() {
        configure(script -> script.withOutage(Outage.NO_CREDIT));

        ProviderException failure = failure(this::chat);

        assertThat(failure.kind()).isEqualTo(FailureKind.QUOTA_EXHAUSTED);
        assertThat(failure.isTransient()).isFalse();
        assertFails(FailureKind.QUOTA_EXHAUSTED, () -> provider().stream(call(), chunk -> {}));
    }

    @Test
    void reportsARateLimitWithRetryAfter() {
        configure(script -> script.withErrors(ErrorRate.rateLimited(1, Duration.ofSeconds(2))));

        ProviderException failure = failure(this::chat);

        assertThat(failure.kind()).isEqualTo(FailureKind.RATE_LIMITED);
        assertThat(failure.status()).hasValue(429);
        assertThat(failure.isTransient()).isTrue();
        assertThat(failure.retryAfter())
                .isEqualTo(contract.statesRetryAfter() ? Optional.of(Duration.ofSeconds(2)) : Optional.empty());
    }

    @Test
    void reportsARateLimitBeforeAStreamBegins() {
        configure(script -> script.withErrors(ErrorRate.of(429, 1)));

        assertFails(FailureKind.RATE_LIMITED, () -> provider().stream(call(), chunk -> {}));
    }

    @Test
    void reportsServerErrorsAsTransient() {
        for (int status : List.of(500, 502, 503, 504, 529)) {
            configure(script -> script.withErrors(ErrorRate.of(status, 1)));

            ProviderException failure = failure(this::chat);

            assertThat(failure.kind()).isIn(FailureKind.OVERLOADED, FailureKind.UNAVAILABLE);
            assertThat(failure.status()).hasValue(status);
            assertThat(failure.delivery()).isEqualTo(DeliveryStatus.ANSWERED);
            assertThat(failure.retryAfter()).isEmpty();
        }
    }

    @Test
    void reportsAnOverload() {
        configure(script -> script.withOutage(Outage.HTTP_503));

        assertFails(FailureKind.OVERLOADED, this::chat);
    }

    @Test
    void reportsNotSentWhenThePortIsClosed() throws Exception {
        ModelProvider unreachable = openAt(closedPort(), name -> Optional.of(KEY));

        ProviderException failure = failure(() -> unreachable.chat(call()));

        assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
    }

    @Test
    void reportsUnknownDeliveryWhenTheConnectionIsReset() {
        configure(script -> script.withOutage(Outage.REFUSE));

        ProviderException failure = failure(this::chat);

        assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.UNKNOWN);
    }

    @Test
    void sendsEveryCallOnce() {
        configure(script -> script.withOutage(Outage.REFUSE));
        failure(this::chat);
        configure(script -> script.withOutage(Outage.HTTP_503));
        failure(this::chat);
        configure(script -> script.withOutage(null).withErrors(ErrorRate.rateLimited(1, Duration.ZERO)));
        failure(this::chat);

        assertThat(simulator().log()).hasSize(3);
    }

    @Test
    void timesOutWithoutAResponse() {
        configure(script -> script.withOutage(Outage.SILENT));
        ProviderCall shortCall = new ProviderCall(contract.model(), ChatRequest.of(PROMPT), Duration.ofMillis(300));

        ProviderException failure = failure(() -> provider().chat(shortCall));

        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.UNKNOWN);
        assertFails(FailureKind.TIMEOUT, () -> provider().stream(shortCall, chunk -> {}));
    }

    @Test
    void timesOutInTheMiddleOfASlowStream() {
        configure(script -> script.withPerToken(Duration.ofSeconds(2)).withTokensPerChunk(1));
        ProviderCall shortCall = new ProviderCall(contract.model(), ChatRequest.of(PROMPT), Duration.ofSeconds(1));

        assertFails(FailureKind.TIMEOUT, () -> provider().stream(shortCall, chunk -> {}));
    }

    @Test
    void rejectsATruncatedBody() {
        configure(script -> script.withOutage(Outage.CUT));

        ProviderException failure = failure(this::chat);

        assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.ANSWERED);
    }

    @Test
    void recoversAfterAnOutage() {
        configure(script -> script.withOutage(Outage.CUT));
        failure(this::chat);
        configure(script -> script.withOutage(Outage.REFUSE));
        failure(this::chat);

        configure(script -> script.withOutage(null));

        assertThat(chat().text()).isNotBlank();
    }
}
