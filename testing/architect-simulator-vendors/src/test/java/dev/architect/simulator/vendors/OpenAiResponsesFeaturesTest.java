package dev.architect.simulator.vendors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.Reasoning;
import com.openai.models.ReasoningEffort;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFormatTextJsonSchemaConfig;
import com.openai.models.responses.ResponseIncludable;
import com.openai.models.responses.ResponseInputContent;
import com.openai.models.responses.ResponseInputImage;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseInputText;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseOutputMessage;
import com.openai.models.responses.ResponseReasoningItem;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ResponseTextConfig;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Structured output, reasoning and images of Responses through {@code openai-java}. */
final class OpenAiResponsesFeaturesTest extends VendorCases<OpenAIClient> {

    private static final String QUESTION = "Why is the sky blue at noon?";

    OpenAiResponsesFeaturesTest() {
        super("openai", OpenAiClients::of, OpenAIClient::close);
    }

    @Test
    void answerIsJsonOfTheSchema() {
        ResponseFormatTextJsonSchemaConfig.Schema.Builder schema = ResponseFormatTextJsonSchemaConfig.Schema.builder();
        RequestSamples.WHOLE.forEach((key, value) -> schema.putAdditionalProperty(key, JsonValue.from(value)));

        Response answer = client.responses()
                .create(ResponseCreateParams.builder()
                        .model("gpt-4o-mini")
                        .input(QUESTION)
                        .text(ResponseTextConfig.builder()
                                .format(ResponseFormatTextJsonSchemaConfig.builder()
                                        .name("trip")
                                        .strict(true)
                                        .schema(schema.build())
                                        .build())
                                .build())
                        .build());

        JsonNode json = OpenAiChatToolsTest.json(OpenAiResponsesTest.text(answer));
        assertThat(json.path("city").isTextual()).isTrue();
        assertThat(json.path("days").isInt()).isTrue();
    }

    @Test
    void reasoningIsEncryptedSummarizedAndCounted() {
        Response answer = client.responses().create(reasoning().input(QUESTION).build());

        ResponseReasoningItem reasoning = reasoningItem(answer);
        assertThat(reasoning.encryptedContent().orElseThrow()).isNotBlank();
        assertThat(reasoning.summary()).isNotEmpty();
        assertThat(provider.answered().reasoningTokens()).isPositive();
        OpenAiResponsesTest.assertUsage(answer.usage().orElseThrow(), provider.answered());
    }

    @Test
    void streamedReasoningIsTheOneOfTheWholeResponse() {
        Response whole = client.responses().create(reasoning().input(QUESTION).build());
        ResponseAccumulator streamed = ResponseAccumulator.create();
        StringBuilder summary = new StringBuilder();

        try (StreamResponse<ResponseStreamEvent> stream =
                client.responses().createStreaming(reasoning().input(QUESTION).build())) {
            stream.stream().map(ResponseStreamEvent::validate).forEach(event -> {
                streamed.accumulate(event);
                event.reasoningSummaryTextDelta().ifPresent(delta -> summary.append(delta.delta()));
            });
        }

        assertThat(summary).hasToString(reasoningItem(whole).summary().get(0).text());
        assertThat(reasoningItem(streamed.response()).encryptedContent())
                .isEqualTo(reasoningItem(whole).encryptedContent());
    }

    @Test
    void reasoningMayComeBackUnchangedOnly() {
        Response first = client.responses().create(reasoning().input(QUESTION).build());
        ResponseReasoningItem reasoning = reasoningItem(first);
        ResponseReasoningItem changed =
                reasoning.toBuilder().encryptedContent("gAAAAABchanged").build();

        assertThat(OpenAiResponsesTest.text(client.responses()
                        .create(reasoning()
                                .inputOfResponse(followUp(reasoning, first))
                                .build())))
                .isNotBlank();
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> client.responses()
                        .create(reasoning()
                                .inputOfResponse(followUp(changed, first))
                                .build()));
    }

    @Test
    void imageCountsAsPrompt() {
        client.responses()
                .create(ResponseCreateParams.builder()
                        .model("gpt-4o-mini")
                        .input(QUESTION)
                        .build());
        long without = provider.answered().promptTokens();
        ResponseInputItem seen = ResponseInputItem.ofEasyInputMessage(EasyInputMessage.builder()
                .role(EasyInputMessage.Role.USER)
                .contentOfResponseInputMessageContentList(List.of(
                        ResponseInputContent.ofInputText(
                                ResponseInputText.builder().text(QUESTION).build()),
                        ResponseInputContent.ofInputImage(ResponseInputImage.builder()
                                .detail(ResponseInputImage.Detail.AUTO)
                                .imageUrl("data:image/png;base64," + RequestSamples.PIXEL)
                                .build())))
                .build());

        client.responses()
                .create(ResponseCreateParams.builder()
                        .model("gpt-4o-mini")
                        .inputOfResponse(List.of(seen))
                        .build());

        assertThat(provider.answered().promptTokens()).isEqualTo(without + RequestSamples.PICTURE_TOKENS);
    }

    private static ResponseCreateParams.Builder reasoning() {
        return ResponseCreateParams.builder()
                .model("gpt-5.4")
                .store(false)
                .addInclude(ResponseIncludable.REASONING_ENCRYPTED_CONTENT)
                .reasoning(Reasoning.builder()
                        .effort(ReasoningEffort.HIGH)
                        .summary(Reasoning.Summary.AUTO)
                        .build());
    }

    private static List<ResponseInputItem> followUp(ResponseReasoningItem reasoning, Response first) {
        ResponseOutputMessage message = first.output().stream()
                .map(ResponseOutputItem::message)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow();
        return List.of(
                OpenAiResponsesToolsTest.user(QUESTION),
                ResponseInputItem.ofReasoning(reasoning),
                ResponseInputItem.ofResponseOutputMessage(message),
                OpenAiResponsesToolsTest.user("And at night?"));
    }

    private static ResponseReasoningItem reasoningItem(Response answer) {
        return answer.output().stream()
                .map(ResponseOutputItem::reasoning)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow();
    }
}
