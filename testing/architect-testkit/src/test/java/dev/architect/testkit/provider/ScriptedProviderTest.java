package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.model.Capability;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.ProviderHealth;
import dev.architect.spi.ProviderCall;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ScriptedProviderTest {

    private static final ProviderCall CALL = new ProviderCall("m", ChatRequest.of("hi"), Duration.ofSeconds(1));

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
        assertThat(provider.capabilities("other")).containsExactlyInAnyOrder(Capability.values());
        assertThat(provider.probe()).isEqualTo(ProviderHealth.down("off"));
        assertThat(provider.isClosed()).isFalse();
        provider.close();
        assertThat(provider.isClosed()).isTrue();
    }
}
