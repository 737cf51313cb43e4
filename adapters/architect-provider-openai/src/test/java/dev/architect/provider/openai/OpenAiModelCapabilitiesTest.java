package dev.architect.provider.openai;

import static dev.architect.chat.ReasoningEffort.HIGH;
import static dev.architect.chat.ReasoningEffort.LOW;
import static dev.architect.chat.ReasoningEffort.MAX;
import static dev.architect.chat.ReasoningEffort.MEDIUM;
import static dev.architect.chat.ReasoningEffort.MINIMAL;
import static dev.architect.chat.ReasoningEffort.NONE;
import static dev.architect.chat.ReasoningEffort.VERY_HIGH;
import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ReasoningEffort;
import dev.architect.model.Capability;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiModelCapabilitiesTest {

    @Test
    void everyModelHasItsEfforts() {
        assertThat(efforts("gpt-4o")).isEmpty();
        assertThat(efforts("gpt-5-chat-latest")).isEmpty();
        assertThat(efforts("o3")).containsExactlyInAnyOrder(LOW, MEDIUM, HIGH);
        assertThat(efforts("gpt-5-nano")).containsExactlyInAnyOrder(MINIMAL, LOW, MEDIUM, HIGH);
        assertThat(efforts("gpt-5-pro")).containsExactlyInAnyOrder(HIGH);
        assertThat(efforts("gpt-5.1")).containsExactlyInAnyOrder(NONE, LOW, MEDIUM, HIGH);
        assertThat(efforts("gpt-5.1-codex-max")).containsExactlyInAnyOrder(LOW, MEDIUM, HIGH, VERY_HIGH);
        assertThat(efforts("gpt-5.2-pro")).containsExactlyInAnyOrder(MEDIUM, HIGH, VERY_HIGH);
        assertThat(efforts("gpt-5.4-mini")).containsExactlyInAnyOrder(NONE, LOW, MEDIUM, HIGH, VERY_HIGH);
        assertThat(efforts("gpt-6.1-terra")).containsExactlyInAnyOrder(NONE, LOW, MEDIUM, HIGH, VERY_HIGH, MAX);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-5.6-luna", "gpt-6-sol", "gpt-6.1-terra"})
    void lateModelsTakeCacheMarks(String model) {
        assertThat(capabilities(model)).contains(Capability.CACHE_BREAKPOINTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-5.5", "gpt-4.1", "o3", "llama-3-70b"})
    void earlierModelsTakeNone(String model) {
        assertThat(capabilities(model)).doesNotContain(Capability.CACHE_BREAKPOINTS);
    }

    @Test
    void oldModelsSeeNothingAndPromiseNoForm() {
        assertThat(capabilities("gpt-3.5-turbo"))
                .contains(Capability.TOOLS)
                .doesNotContain(Capability.IMAGES, Capability.DOCUMENT_INPUT, Capability.JSON_SCHEMA);
        assertThat(capabilities("gpt-4-turbo"))
                .contains(Capability.IMAGES)
                .doesNotContain(Capability.DOCUMENT_INPUT, Capability.JSON_SCHEMA);
        assertThat(capabilities("gpt-4o"))
                .contains(Capability.IMAGES, Capability.DOCUMENT_INPUT, Capability.JSON_SCHEMA);
        assertThat(capabilities("o3-mini")).doesNotContain(Capability.IMAGES);
        assertThat(capabilities("o4-mini")).contains(Capability.IMAGES).doesNotContain(Capability.SINGLE_TOOL_CALL);
    }

    @Test
    void modelsOfCompatibleServicesAreNotSentWhatOnlyOpenAiOffers() {
        assertThat(capabilities("llama-3-70b"))
                .contains(Capability.TEMPERATURE, Capability.STOP_SEQUENCES, Capability.TOOLS, Capability.JSON_SCHEMA)
                .doesNotContain(Capability.TOKEN_COUNT, Capability.DOCUMENT_INPUT, Capability.REASONING_EFFORT);
    }

    @ParameterizedTest
    @EnumSource(OpenAiApi.class)
    void modelsOfVectorsDoNothingElse(OpenAiApi api) {
        assertThat(OpenAiModelCapabilities.capabilities("text-embedding-3-large", api))
                .containsExactly(Capability.EMBEDDINGS);
    }

    private static Set<ReasoningEffort> efforts(String model) {
        return OpenAiModelFamily.of(model).efforts();
    }

    private static Set<Capability> capabilities(String model) {
        return OpenAiModelCapabilities.capabilities(model, OpenAiApi.CHAT_COMPLETIONS);
    }
}
