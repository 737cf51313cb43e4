package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.testkit.provider.ScriptedStep;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RouterObservationTest {

    private final ObservationRegistry registry = ObservationRegistry.create();
    private final List<Observation.Context> ended = new ArrayList<>();
    private int open;

    @Test
    void eachCallIsAClientSpanWithTheNamesOfTheConventions() {
        record();
        try (RouterFixture fixture = fixture()) {
            fixture.ollama.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));

            ChatResponse answer = fixture.chat("xylophone");

            assertThat(ended)
                    .extracting(Observation.Context::getContextualName)
                    .containsExactly("chat llama3.2", "chat gpt-4o-mini");
            assertThat(ended.get(0).getError()).hasMessage("UNAVAILABLE");
            assertThat(values(ended.get(0))).contains("error.type=unavailable", "gen_ai.provider.name=ollama");
            assertThat(ended.get(1).getError()).isNull();
            assertThat(values(ended.get(1)))
                    .contains(
                            "gen_ai.operation.name=chat",
                            "gen_ai.provider.name=openai",
                            "gen_ai.request.model=gpt-4o-mini",
                            "gen_ai.response.model=gpt-4o-mini",
                            "gen_ai.usage.input_tokens=100",
                            "gen_ai.usage.output_tokens=10",
                            "gen_ai.response.finish_reasons=complete",
                            "error.type=none",
                            "architect.request.id=" + answer.requestId());
            assertThat(ended).allSatisfy(context -> {
                assertThat(((SenderContext<?>) context).getKind()).isEqualTo(Kind.CLIENT);
                assertThat(context.toString()).doesNotContain("xylophone");
            });
            assertThat(open).isZero();
        }
    }

    @Test
    void theProviderIsCalledWithinTheSpan() {
        record();
        try (RouterFixture fixture = fixture()) {
            fixture.ollama.always((model, call, listener) -> {
                assertThat(registry.getCurrentObservation()).isNotNull();
                throw new IllegalStateException("secret text");
            });
            ChatRequest named = ChatRequest.builder("Hi")
                    .model(ModelId.parse("ollama/llama3.2"))
                    .build();

            assertThatThrownBy(() -> fixture.chat(named)).isInstanceOf(RuntimeException.class);

            assertThat(registry.getCurrentObservation()).isNull();
            assertThat(ended.get(0).getError()).hasMessage("PROTOCOL").hasNoCause();
        }
    }

    @Test
    void theSpanEndsWhenTheEntryCannotBeMade() {
        record();
        boolean[] broken = new boolean[1];
        try (RouterFixture fixture = new RouterFixture(
                RouterFixture.POLICY,
                setup -> setup.observations(registry).tokenCounter((model, text) -> {
                    if (broken[0]) {
                        throw new IllegalStateException("counter");
                    }
                    return text.length();
                }))) {
            fixture.ollama.always((model, call, listener) -> {
                broken[0] = true;
                return ScriptedStep.fail(FailureKind.TIMEOUT, failure -> failure.receivedCharacters(5))
                        .perform(model, call, listener);
            });

            try {
                fixture.chat("Hi");
            } catch (RuntimeException expected) {
                assertThat(expected).isNotInstanceOf(ProviderException.class);
            }

            assertThat(open).isZero();
            assertThat(registry.getCurrentObservation()).isNull();
        }
    }

    @Test
    void aHandlerThatThrowsAboutAScopeLeavesNothingOnTheThread() {
        record();
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onScopeOpened(Observation.Context context) {
                throw new IllegalStateException("opened");
            }

            @Override
            public void onScopeClosed(Observation.Context context) {
                throw new IllegalStateException("closed");
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        try (RouterFixture fixture = fixture()) {
            assertThat(fixture.chat("Hi").text()).isEqualTo("free");
        }

        assertThat(open).isZero();
        assertThat(registry.getCurrentObservation()).isNull();
    }

    @Test
    void aHandlerThatThrowsTakesNoAnswerAway() {
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStart(Observation.Context context) {
                throw new IllegalStateException("handler");
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        try (RouterFixture fixture = fixture()) {
            assertThat(fixture.chat("Hi").text()).isEqualTo("free");
            assertThat(fixture.ledger).hasSize(1);
        }
    }

    private void record() {
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStart(Observation.Context context) {
                open++;
            }

            @Override
            public void onStop(Observation.Context context) {
                open--;
                ended.add(context);
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
    }

    private RouterFixture fixture() {
        return new RouterFixture(RouterFixture.POLICY, setup -> setup.observations(registry));
    }

    private static List<String> values(Observation.Context context) {
        List<String> values = new ArrayList<>();
        for (KeyValue value : context.getAllKeyValues()) {
            values.add(value.getKey() + "=" + value.getValue());
        }
        return values;
    }
}
