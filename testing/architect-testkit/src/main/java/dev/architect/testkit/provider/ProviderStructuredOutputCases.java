package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.OutputSchema;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import org.junit.jupiter.api.Test;

/** Structured output: answers that follow a JSON schema. */
abstract class ProviderStructuredOutputCases extends ProviderCases {

    private static final ChatRequest REQUEST = ChatRequest.builder(PROMPT)
            .outputSchema(new OutputSchema("animal", """
                    {"type":"object","properties":{"name":{"type":"string"},"legs":{"type":"integer"},
                     "isWild":{"type":"boolean"},"colours":{"type":"array","items":{"type":"string"}}},
                     "required":["name","legs","isWild","colours"],"additionalProperties":false}"""))
            .build();

    ProviderStructuredOutputCases(ModelProviderContract contract) {
        super(contract);
    }

    @Test
    void answersWithJsonOfTheSchema() {
        chatIfSupported(Capability.JSON_SCHEMA, REQUEST).ifPresent(answer -> {
            JsonNode animal = JsonTextReader.read(answer.text());
            assertThat(animal.path("name").isTextual()).isTrue();
            assertThat(animal.path("legs").isIntegralNumber()).isTrue();
            assertThat(animal.path("isWild").isBoolean()).isTrue();
            assertThat(animal.path("colours").isArray()).isTrue();
            assertThat(answer.stopReason()).isEqualTo(StopReason.COMPLETE);
        });
    }

    @Test
    void streamsTheSameJson() {
        StringBuilder streamed = new StringBuilder();
        streamIfSupported(Capability.JSON_SCHEMA, REQUEST, streamed::append).ifPresent(answer -> {
            assertThat(answer.text()).isEqualTo(streamed.toString());
            assertThat(JsonTextReader.read(answer.text()))
                    .isEqualTo(JsonTextReader.read(provider()
                            .chat(call(Capability.JSON_SCHEMA, REQUEST))
                            .text()));
        });
    }

    @Test
    void rejectsASchemaThatIsNotJsonBeforeSending() {
        ChatRequest request = ChatRequest.builder(PROMPT)
                .outputSchema(new OutputSchema("animal", "name: text"))
                .build();

        ProviderException failure = failure(() -> provider().chat(call(Capability.JSON_SCHEMA, request)));

        assertThat(failure.kind())
                .isEqualTo(supports(Capability.JSON_SCHEMA) ? FailureKind.INVALID_REQUEST : FailureKind.UNSUPPORTED);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
        assertThat(simulator().log()).isEmpty();
    }
}
