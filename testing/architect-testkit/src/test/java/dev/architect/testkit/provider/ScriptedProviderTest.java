package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.ProviderHealth;
import dev.architect.request.CallLimits;
import dev.architect.spi.ProviderCall;
import dev.architect.testkit.time.ManualTime;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ScriptedProviderTest {

    private static final ProviderCall CALL = new ProviderCall("m", ChatRequest.of("hi"), Duration.ofSeconds(1));
    private static final ProviderCall LIMITED = new ProviderCall(
            "m",
            ChatRequest.of("hi"),
            new CallLimits(
                    Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(300), Duration.ofSeconds(1)));

    @Test
    void performsItsStepsInOrderAndRemembersTheCalls() {
        ScriptedProvider provider = ScriptedProvider.named("p")
                .then(ScriptedStep.fail(FailureKind.OVERLOADED, failure -> failure.status(503)))
                .always(ScriptedStep.answer("one two", TokenUsage.of(3, 2)));

        ProviderException failure = catchThrowableOfType(ProviderException.class, () -> provider.chat(CALL));

        assertThat(failure.model()).isEqualTo(new ModelId("p", "m"));
        assertThat(failure.status()).hasValue(503);
        assertThat(provider.chat(CALL).text()).isEqualTo("one two");
        assertThat(provider.chat(CALL).usage()).isEqualTo(TokenUsage.of(3, 2));
        assertThat(provider.calls()).containsExactly(CALL, CALL, CALL);
    }

    @Test
    void streamsDeltasAndCanBreakOff() {
        ScriptedProvider provider = ScriptedProvider.named("p")
                .then(ScriptedStep.answer("one two", TokenUsage.of(3, 2)))
                .then(ScriptedStep.breakAfter("three", FailureKind.PROTOCOL, TokenUsage.UNKNOWN));
        List<String> chunks = new ArrayList<>();

        provider.stream(CALL, chunks::add);
        ProviderException failure =
                catchThrowableOfType(ProviderException.class, () -> provider.stream(CALL, chunks::add));

        assertThat(chunks).containsExactly("one ", "two", "three");
        assertThat(failure.receivedCharacters()).isEqualTo(5);
    }

    @Test
    void obeysTheLimitsOfAStreamOnManualTime() {
        ManualTime time = new ManualTime();
        ScriptedStep answer = ScriptedStep.answer("one", TokenUsage.of(3, 2));
        Duration late = Duration.ofMillis(101);
        ScriptedProvider provider = ScriptedProvider.named("p")
                .then(
                        ScriptedStep.headAfter(time, late, answer),
                        ScriptedStep.firstTokenAfter(time, late.multipliedBy(2), answer),
                        ScriptedStep.stallAfter("one two", time, TokenUsage.of(3, 1)));

        assertLate(provider, time, Duration.ofMillis(100), FailureKind.TIMEOUT, DeliveryStatus.UNKNOWN, 0);
        assertLate(provider, time, Duration.ofMillis(200), FailureKind.TIMEOUT, DeliveryStatus.ANSWERED, 0);
        assertLate(provider, time, Duration.ofMillis(300), FailureKind.PROTOCOL, DeliveryStatus.ANSWERED, 7);
    }

    @Test
    void aWholeAnswerHasOnlyTheLimitOfTheWhole() {
        ManualTime time = new ManualTime();
        ScriptedStep answer = ScriptedStep.answer("one", TokenUsage.of(3, 2));
        ScriptedProvider provider = ScriptedProvider.named("p")
                .then(
                        ScriptedStep.headAfter(time, Duration.ofMillis(400), answer),
                        ScriptedStep.firstTokenAfter(time, Duration.ofMillis(400), answer),
                        ScriptedStep.headAfter(time, Duration.ofSeconds(2), answer));

        assertThat(provider.chat(LIMITED).text()).isEqualTo("one");
        assertThat(provider.chat(LIMITED).text()).isEqualTo("one");
        assertThatThrownBy(() -> provider.chat(LIMITED)).isInstanceOf(ProviderException.class);
        assertThat(time.nanoTime()).isEqualTo(Duration.ofMillis(1800).toNanos());
    }

    private static void assertLate(
            ScriptedProvider provider,
            ManualTime time,
            Duration after,
            FailureKind kind,
            DeliveryStatus delivery,
            long characters) {
        long start = time.nanoTime();
        ProviderException failure =
                catchThrowableOfType(ProviderException.class, () -> provider.stream(LIMITED, delta -> {}));
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.delivery()).isEqualTo(delivery);
        assertThat(failure.receivedCharacters()).isEqualTo(characters);
        assertThat(time.nanoTime() - start).isEqualTo(after.toNanos());
    }

    @Test
    void callBeyondTheScriptIsAnError() {
        ScriptedProvider provider = ScriptedProvider.named("p");

        assertThatThrownBy(() -> provider.chat(CALL))
                .isInstanceOf(AssertionError.class)
                .hasMessage("call 1 of p has no step in the script");
    }

    @Test
    void blockedCallEndsAsCancelledWhenInterrupted() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        ScriptedProvider provider = ScriptedProvider.named("p")
                .then(ScriptedStep.blockUntil(
                        started, new CountDownLatch(1), ScriptedStep.answer("never", TokenUsage.UNKNOWN)));
        List<Object> seen = new ArrayList<>();
        Thread caller = new Thread(() -> {
            seen.add(catchThrowableOfType(ProviderException.class, () -> provider.chat(CALL))
                    .kind());
            seen.add(Thread.currentThread().isInterrupted());
        });
        caller.start();
        started.await();

        caller.interrupt();
        caller.join();

        assertThat(seen).containsExactly(FailureKind.CANCELLED, true);
    }

    @Test
    void returnsItsConfiguration() {
        ScriptedProvider provider = ScriptedProvider.named("p")
                .withCapabilities("small", Set.of(Capability.STREAMING))
                .withHealth(ProviderHealth.down("off"));

        assertThat(provider.capabilities("small")).containsExactly(Capability.STREAMING);
        assertThat(provider.capabilities("other"))
                .containsExactlyInAnyOrderElementsOf(EnumSet.complementOf(EnumSet.of(
                        Capability.PREFILL,
                        Capability.OPENAI_CHAT_BODY,
                        Capability.OPENAI_RESPONSES_BODY,
                        Capability.ANTHROPIC_MESSAGES_BODY)));
        assertThat(provider.probe()).isEqualTo(ProviderHealth.down("off"));
        assertThat(provider.isClosed()).isFalse();
        provider.close();
        assertThat(provider.isClosed()).isTrue();
    }
}
