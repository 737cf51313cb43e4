package dev.architect.provider.perplexity;

import static dev.architect.provider.perplexity.PerplexityReplay.error;
import static dev.architect.provider.perplexity.PerplexityReplay.failure;
import static dev.architect.provider.perplexity.PerplexityReplay.streamed;
import static dev.architect.provider.perplexity.PerplexityReplay.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.cost.Money;
import dev.architect.model.Capability;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.testkit.replay.ReplyServer;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is peculiar to the Agent API and was not recorded. */
class PerplexityQuirkTest {

    private static final String MESSAGE =
            "{'type':'message','id':'msg_1','content':[{'type':'output_text','text':'hello world'}]}";
    private static final String RESPONSE =
            "{'id':'resp_1','model':'perplexity/sonar','status':'completed','output':[" + MESSAGE
                    + "],'usage':{'input_tokens':5,'output_tokens':2,'cost':{'currency':'USD','total_cost':0.00001}}}";
    private static final String COMPLETED = json("{'type':'response.completed','response':" + RESPONSE + "}");

    @Test
    void sendsNoFieldThatTheAgentApiWouldRefuse() throws Exception {
        ChatRequest request = ChatRequest.builder("And now?")
                .earlier(Message.user("First."))
                .earlier(Message.assistant("Second."))
                .system("Be brief.")
                .maxOutputTokens(70)
                .temperature(0.5)
                .needs(Set.of(Capability.WEB_SEARCH))
                .build();

        String sent = sent("perplexity/sonar", request, false);

        assertThat(sent).startsWith("POST /v1/agent HTTP/1.1").containsIgnoringCase("authorization: Bearer key-replay");
        assertThat(body(sent))
                .isEqualTo(tree("{'model':'perplexity/sonar','input':["
                        + "{'type':'message','role':'user','content':'First.'},"
                        + "{'type':'message','role':'assistant','content':'Second.'},"
                        + "{'type':'message','role':'user','content':'And now?'}],"
                        + "'instructions':'Be brief.','tools':[{'type':'web_search'}],"
                        + "'max_output_tokens':70,'temperature':0.5}"));
    }

    @Test
    void searchesTheWebOnlyOnRequest() throws Exception {
        JsonNode body = body(sent("perplexity/sonar", ChatRequest.of("Hello?"), true));

        assertThat(body)
                .isEqualTo(tree("{'model':'perplexity/sonar',"
                        + "'input':[{'type':'message','role':'user','content':'Hello?'}],'stream':true}"));
    }

    @Test
    void alwaysSetsALimitWhereItIsRequired() throws Exception {
        assertThat(body(sent("anthropic/claude-haiku-5-5", ChatRequest.of("Hello?"), false))
                        .path("max_output_tokens")
                        .asInt())
                .isEqualTo(PerplexityProvider.DEFAULT_MAX_OUTPUT_TOKENS);
    }

    @Test
    void claimsATemperatureForItsOwnModelsOnlyAndStopSequencesForNone() {
        try (PerplexityProvider provider =
                PerplexityProvider.builder(name -> Optional.empty()).build()) {
            assertThat(provider.capabilities("perplexity/sonar"))
                    .contains(Capability.WEB_SEARCH, Capability.TEMPERATURE)
                    .doesNotContain(Capability.STOP_SEQUENCES);
            assertThat(provider.capabilities("openai/gpt-6-luna"))
                    .contains(Capability.WEB_SEARCH)
                    .doesNotContain(Capability.TEMPERATURE);
        }
    }

    @Test
    void callsThePathItWasGiven() throws Exception {
        try (ReplyServer server = ReplyServer.replying(200, "application/json", json(RESPONSE));
                PerplexityProvider provider = PerplexityProvider.builder(name -> Optional.of("key"))
                        .baseUrl(URI.create(server.url() + "/proxy/"))
                        .path("/v1/responses")
                        .build()) {
            provider.chat(PerplexityReplay.call());

            assertThat(server.requests().get(0)).startsWith("POST /proxy/v1/responses HTTP/1.1");
        }
        assertThatThrownBy(() ->
                        PerplexityProvider.builder(name -> Optional.empty()).path("v1"))
                .hasMessage("path is 'v1', expected one that starts with /");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'response.output_text.delta','output_index':0,'content_index':0,'delta':'hello'}",
                "{'type':'response.output_text.done','output_index':0,'content_index':0,'text':'hello world'}",
                "{'type':'response.output_item.done','output_index':0,'item':" + MESSAGE + "}",
                "{'type':'response.output_text.delta','item_id':'msg_1','delta':'hello'}",
                "{'type':'response.output_text.delta','output_index':0,'delta':null}",
                "{'type':'response.output_item.done','output_index':0,'item':null}",
                "{'type':'response.something.new','text':'hello world'}"
            })
    void deliversWhatIsMissingWhereverTheTextComesFirst(String event) throws Exception {
        assertThat(streamed(json(event), json(event.replace("'delta':'hello'", "'delta':' world'")), COMPLETED)
                        .text())
                .isEqualTo("hello world");
    }

    @Test
    void keepsTheTextsOfSeveralItemsApart() throws Exception {
        String first = "{'type':'message','content':[{'type':'output_text','text':'one '}]}";
        String second = "{'type':'message','content':[{'type':'output_text','text':'one more'}]}";
        String response = RESPONSE.replace(MESSAGE, first + ",{'type':'search_results'}," + second);

        assertThat(streamed(
                                json("{'type':'response.output_text.delta','output_index':0,'delta':'one '}"),
                                json("{'type':'response.output_item.done','output_index':0,'item':" + first + "}"),
                                json("{'type':'response.output_text.delta','output_index':2,'delta':'one'}"),
                                json("{'type':'response.output_item.done','output_index':2,'item':" + second + "}"),
                                json("{'type':'response.completed','response':" + response + "}"))
                        .text())
                .isEqualTo("one one more")
                .isEqualTo(whole(json(response)).text());
    }

    @Test
    void knowsAnItemByItsPlaceAndByItsId() throws Exception {
        assertThat(streamed(
                                json(
                                        "{'type':'response.output_text.delta','item_id':'msg_1','output_index':0,'delta':'hello'}"),
                                json("{'type':'response.output_text.delta','item_id':'msg_1','delta':' wor'}"),
                                json("{'type':'response.output_text.done','output_index':0,'text':'hello world'}"),
                                json("{'type':'response.output_item.done','item':" + MESSAGE + "}"),
                                COMPLETED)
                        .text())
                .isEqualTo("hello world");
    }

    @Test
    void textThatComesOnlyWithAnIncompleteEndIsDelivered() throws Exception {
        String response = RESPONSE.replace("'completed'", "'incomplete','incomplete_details':{'reason':'X'}");
        for (String[] reason : new String[][] {
            {"max_output_tokens", "LENGTH"}, {"content_filter", "REFUSED"}, {"of_next_year", "OTHER"}
        }) {
            String body = json(response.replace("'X'", "'" + reason[0] + "'"));
            ProviderAnswer answer = streamed("{\"type\":\"response.incomplete\",\"response\":" + body + "}");

            assertThat(answer.text()).isEqualTo("hello world");
            assertThat(answer.stopReason()).isEqualTo(StopReason.valueOf(reason[1]));
            assertThat(whole(body).stopReason()).isEqualTo(answer.stopReason());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "failed, request_rate_limit_exceeded, RATE_LIMITED",
        "failed, internal_error, UNAVAILABLE",
        "failed, upstream_structured_output_failed, UNAVAILABLE",
        "failed, invalid_request, INVALID_REQUEST",
        "cancelled, '', UNAVAILABLE"
    })
    void aFailedAnswerIsAFailureThoughItsStatusIs200(String status, String type, FailureKind kind) {
        String body = json(RESPONSE.replace(
                "'completed'",
                "'" + status + "','error':{'message':'secret words','type':'" + type + "','code':'c_1'}"));

        ProviderException answered = failure(() -> whole(body));
        ProviderException ended = failure(() -> streamed(
                json("{'type':'response.output_text.delta','output_index':0,'delta':'half'}"),
                "{\"type\":\"response." + status + "\",\"response\":" + body + "}"));

        assertThat(answered.kind()).isEqualTo(kind);
        assertThat(ended.kind()).isEqualTo(kind);
        assertThat(ended.receivedCharacters()).isEqualTo(4);
        assertThat(ended.usage().count(UsageBucket.INPUT)).isEqualTo(5);
        assertThat(answered).message().contains("c_1").doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'error','error':{'type':'request_rate_limit_exceeded','message':'m','code':429}}",
                "{'type':'error','code':'request_rate_limit_exceeded','message':'m'}",
                "{'type':'response.failed','error':{'code':'request_rate_limit_exceeded'},'response':null}"
            })
    void anErrorEventIsAFailure(String event) {
        assertThat(failure(() -> streamed(json(event))).kind()).isEqualTo(FailureKind.RATE_LIMITED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"queued", "in_progress", ""})
    void anAnswerThatIsNotFinishedIsAFailure(String status) {
        assertThat(failure(() -> whole(json(RESPONSE.replace("completed", status))))
                        .kind())
                .isEqualTo(FailureKind.PROTOCOL);
    }

    @Test
    void detailsMayBeMissing() throws Exception {
        ProviderAnswer answer = whole(json("{'status':'completed','model':null,'output':[" + MESSAGE + "],"
                + "'usage':{'input_tokens':5,'input_tokens_details':null,'output_tokens':2,"
                + "'tool_calls_details':null,'cost':null}}"));
        assertThat(answer.usage().toString()).isEqualTo("INPUT=5,OUTPUT=2");
        assertThat(answer.model()).isEqualTo("perplexity/sonar");
        assertThat(answer.serviceTier()).isEqualTo("standard");
        assertThat(answer.statedCost()).isEmpty();

        ProviderAnswer uncounted = whole(json("{'status':'completed','output':null,'usage':null}"));
        assertThat(uncounted.text()).isEmpty();
        assertThat(uncounted.usage().isUnknown()).isTrue();
        assertThat(uncounted.usageSource()).isEqualTo(UsageSource.ESTIMATED);
    }

    @ParameterizedTest
    @CsvSource({
        "0.00105, 0.00105",
        "2e-05, 0.00002",
        "0, 0",
        "0.1, 0.1",
        "-0.1, ",
        "0.0000000000001, ",
        "99999999999, ",
        "\"0.1\", "
    })
    void statesTheCostExactlyOrNotAtAll(String total, String stated) throws Exception {
        assertThat(whole(json(RESPONSE.replace("0.00001", total))).statedCost())
                .isEqualTo(Optional.ofNullable(stated).map(Money::ofUsd));
    }

    @Test
    void aCostInAnotherCurrencyIsNotStated() throws Exception {
        assertThat(whole(json(RESPONSE.replace("USD", "EUR"))).statedCost()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request, unknown field, INVALID_REQUEST",
        "400, invalid_model, not supported, MODEL_NOT_FOUND",
        "400, invalid_request, Model 'sonar-max' is not supported, MODEL_NOT_FOUND",
        "401, insufficient_quota, You exceeded your current quota, QUOTA_EXHAUSTED",
        "403, insufficient_credits, no, QUOTA_EXHAUSTED",
        "400, too_many_prompt_tokens, too many, CONTEXT_TOO_LONG",
        "400, invalid_request, This model's maximum context length is 128000 tokens., CONTEXT_TOO_LONG",
        "400, invalid_request, prompt is too long: 3 tokens > 2 maximum, CONTEXT_TOO_LONG",
        "401, forbidden, no, AUTHENTICATION",
        "402, '', pay first, QUOTA_EXHAUSTED",
        "403, forbidden, no, AUTHENTICATION",
        "403, chat_completions_not_available, Sonar is now the Agent API., INVALID_REQUEST",
        "404, not_found, no, INVALID_REQUEST",
        "413, payload_too_large, no, INVALID_REQUEST",
        "424, external_connector_error, no, UNAVAILABLE",
        "429, request_rate_limit_exceeded, no, RATE_LIMITED",
        "500, internal_error, no, UNAVAILABLE",
        "502, bad_gateway, no, UNAVAILABLE",
        "504, gateway_timeout, no, UNAVAILABLE"
    })
    void mapsErrors(int status, String type, String message, FailureKind kind) {
        ProviderException failure = error(
                status,
                "{\"error\":{\"message\":\"Secret: " + message + "\",\"type\":\"" + type + "\",\"code\":" + status
                        + "}}");

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).message().contains(type).doesNotContain("Secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "{'error':'words'}", "{'detail':[{'msg':'words'}]}", "{'message':'words'}"})
    void errorsOfOtherShapesCountByTheirStatus(String body) {
        assertThat(error(401, json(body)).kind()).isEqualTo(FailureKind.AUTHENTICATION);
        assertThat(error(429, json(body))).message().doesNotContain("words");
    }

    private static String sent(String model, ChatRequest request, boolean streamed) throws IOException {
        String reply = streamed ? "data: " + COMPLETED + "\n\n" : json(RESPONSE);
        try (ReplyServer server = ReplyServer.replying(200, "application/json", reply);
                PerplexityProvider provider = PerplexityReplay.open(server)) {
            ProviderCall call = new ProviderCall(model, request, Duration.ofSeconds(20));
            ProviderAnswer answer = streamed ? provider.stream(call, piece -> {}) : provider.chat(call);
            assertThat(answer.text()).isEqualTo("hello world");
            return server.requests().get(0);
        }
    }

    private static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }

    private static JsonNode tree(String singleQuoted) throws IOException {
        return new ObjectMapper().readTree(json(singleQuoted));
    }

    private static JsonNode body(String request) throws IOException {
        return new ObjectMapper().readTree(request.substring(request.indexOf("\r\n\r\n")));
    }
}
