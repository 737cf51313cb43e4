package dev.architect.provider.gemini;

import static dev.architect.provider.gemini.GeminiReplay.error;
import static dev.architect.provider.gemini.GeminiReplay.failure;
import static dev.architect.provider.gemini.GeminiReplay.streamed;
import static dev.architect.provider.gemini.GeminiReplay.whole;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.testkit.replay.ReplyServer;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is peculiar to Gemini's wire format and was not recorded. */
class GeminiQuirkTest {

    private static final String DONE = "{'candidates':[{'content':{'parts':[{'text':'hi'}]},'finishReason':'STOP'}]}";

    @Test
    void sendsEveryFieldWhereGeminiLooksForIt() throws Exception {
        ChatRequest request = ChatRequest.builder("And now?")
                .earlier(Message.user("First."))
                .earlier(Message.assistant("Second."))
                .system("Be brief.")
                .maxOutputTokens(7)
                .temperature(0.5)
                .stopSequences(List.of("END"))
                .build();
        try (ReplyServer server = ReplyServer.replying(200, "application/json", json(DONE));
                GeminiProvider provider = GeminiReplay.open(server)) {
            provider.chat(new ProviderCall("gemini-2.5-flash", request, Duration.ofSeconds(20)));

            String sent = server.requests().get(0);
            assertThat(sent)
                    .startsWith("POST /v1beta/models/gemini-2.5-flash:generateContent HTTP/1.1")
                    .containsIgnoringCase("x-goog-api-key: key-replay");
            assertThat(body(sent))
                    .isEqualTo(tree("{'contents':[{'role':'user','parts':[{'text':'First.'}]},"
                            + "{'role':'model','parts':[{'text':'Second.'}]},"
                            + "{'role':'user','parts':[{'text':'And now?'}]}],"
                            + "'systemInstruction':{'parts':[{'text':'Be brief.'}]},"
                            + "'generationConfig':{'maxOutputTokens':7,'temperature':0.5,'stopSequences':['END']}}"));
        }
    }

    @Test
    void requestsEventsAndEncodesUnusualModelNames() throws Exception {
        try (ReplyServer server = ReplyServer.replying(200, "text/event-stream", "data: " + json(DONE) + "\r\n\r\n");
                GeminiProvider provider = GeminiReplay.open(server)) {
            provider.stream(
                    new ProviderCall("odd/../name?x", ChatRequest.of("Hello?"), Duration.ofSeconds(20)), piece -> {});

            assertThat(server.requests().get(0))
                    .startsWith("POST /v1beta/models/odd%2F..%2Fname%3Fx:streamGenerateContent?alt=sse HTTP/1.1");
        }
    }

    @Test
    void countsEachTokenOnce() throws Exception {
        ProviderAnswer answer = whole(
                json(
                        "{'candidates':[{'content':{'parts':[{'text':'hi'}]},'finishReason':'STOP'}],"
                                + "'usageMetadata':{'promptTokenCount':100,'cachedContentTokenCount':60,'toolUsePromptTokenCount':30,"
                                + "'candidatesTokenCount':5,'thoughtsTokenCount':20,'totalTokenCount':155,'serviceTier':'flex'}}"));

        assertThat(answer.usage())
                .isEqualTo(new TokenUsage(Map.of(
                        UsageBucket.INPUT, 70L,
                        UsageBucket.CACHE_READ, 60L,
                        UsageBucket.OUTPUT, 25L,
                        UsageBucket.REASONING_IN_OUTPUT, 20L)));
        assertThat(answer.usageSource()).isEqualTo(UsageSource.REPORTED);
        assertThat(answer.serviceTier()).isEqualTo("flex");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'promptTokenCount':10,'candidatesTokenCount':5,'totalTokenCount':99}",
                "{'promptTokenCount':10,'cachedContentTokenCount':11,'candidatesTokenCount':5}",
                "{'promptTokenCount':-1,'candidatesTokenCount':5}"
            })
    void doubtsCountsThatCannotBeTrue(String counts) throws Exception {
        assertThat(whole(json(DONE.replace("{'cand", "{'usageMetadata':" + counts + ",'cand")))
                        .usageSource())
                .isEqualTo(UsageSource.ESTIMATED);
    }

    @Test
    void knowsNoCountsWhereNoneAreSent() throws Exception {
        assertThat(whole(json(DONE)).usage().isUnknown()).isTrue();
        assertThat(whole(json(DONE.replace("{'cand", "{'usageMetadata':{},'cand")))
                        .usage()
                        .isUnknown())
                .isTrue();
        assertThat(whole(json(DONE)).model()).isEqualTo("gemini-2.5-flash");
    }

    @Test
    void aBlockedPromptIsARefusalWithoutText() throws Exception {
        String blocked = json("{'promptFeedback':{'blockReason':'PROHIBITED_CONTENT'},"
                + "'usageMetadata':{'promptTokenCount':12,'totalTokenCount':12},'modelVersion':'gemini-2.5-flash'}");

        for (ProviderAnswer answer : List.of(whole(blocked), streamed(blocked))) {
            assertThat(answer.stopReason()).isEqualTo(StopReason.REFUSED);
            assertThat(answer.text()).isEmpty();
            assertThat(answer.usage()).isEqualTo(TokenUsage.of(12, 0));
        }
    }

    @Test
    void anAnswerMayHaveNoPartsWhenReasoningTookTheLimit() throws Exception {
        ProviderAnswer answer = whole(json("{'candidates':[{'content':{'role':'model'},'finishReason':'MAX_TOKENS'}],"
                + "'usageMetadata':{'promptTokenCount':8,'thoughtsTokenCount':16,'totalTokenCount':24}}"));

        assertThat(answer.stopReason()).isEqualTo(StopReason.LENGTH);
        assertThat(answer.text()).isEmpty();
        assertThat(answer.usage().count(UsageBucket.OUTPUT)).isEqualTo(16);
    }

    @ParameterizedTest
    @CsvSource({
        "SAFETY, REFUSED",
        "RECITATION, REFUSED",
        "SPII, REFUSED",
        "OTHER, OTHER",
        "LANGUAGE, REFUSED",
        "MODEL_ARMOR, REFUSED",
        "JAILBREAK, REFUSED",
        "IMAGE_OTHER, OTHER",
        "NO_IMAGE, OTHER",
        "CONTINUATION, PAUSED",
        "SOMETHING_OF_NEXT_YEAR, OTHER"
    })
    void mapsFinishReasons(String word, StopReason reason) throws Exception {
        assertThat(whole(json(DONE.replace("STOP", word))).stopReason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MALFORMED_FUNCTION_CALL", "MALFORMED_RESPONSE"})
    void aMalformedAnswerIsAFailure(String word) {
        ProviderException failure = failure(() -> whole(json(DONE.replace("STOP", word))));

        assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
        assertThat(failure).hasMessageContaining(word);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'candidates':[]}", "{'candidates':[{'content':{'parts':[{'text':'hi'}]}}]}"})
    void anAnswerWithoutAnEndIsAFailure(String body) {
        assertThat(failure(() -> whole(json(body))).kind()).isEqualTo(FailureKind.PROTOCOL);
        assertThat(failure(() -> streamed(json(body))).kind()).isEqualTo(FailureKind.PROTOCOL);
    }

    @Test
    void anErrorInsideAStreamIsAFailureThatKeepsWhatWasCounted() {
        ProviderException failure = failure(() -> streamed(
                json("{'candidates':[{'content':{'parts':[{'text':'half'}]}}],'usageMetadata':{'promptTokenCount':4}}"),
                json("{'error':{'code':503,'message':'secret words','status':'UNAVAILABLE'}}")));

        assertThat(failure.kind()).isEqualTo(FailureKind.OVERLOADED);
        assertThat(failure.receivedCharacters()).isEqualTo(4);
        assertThat(failure.usage().count(UsageBucket.INPUT)).isEqualTo(4);
        assertThat(failure).hasMessageContaining("UNAVAILABLE").message().doesNotContain("secret");
    }

    @Test
    void aUsedUpDayIsNotABusyMinute() {
        ProviderException usedUp = error(
                429,
                json("{'error':{'code':429,'status':'RESOURCE_EXHAUSTED','details':["
                        + "{'@type':'type.googleapis.com/google.rpc.QuotaFailure','violations':["
                        + "{'quotaId':'GenerateRequestsPerDayPerProjectPerModel-FreeTier','quotaValue':'20'}]},"
                        + "{'@type':'type.googleapis.com/google.rpc.RetryInfo','retryDelay':'34.474824587s'}]}}"));

        assertThat(usedUp.kind()).isEqualTo(FailureKind.QUOTA_EXHAUSTED);
        assertThat(usedUp.retryAfter()).isEmpty();
    }

    @Test
    void aPlanWithoutAnyOfItIsUsedUp() {
        ProviderException none = error(
                429,
                json("{'error':{'code':429,'status':'RESOURCE_EXHAUSTED','details':["
                        + "{'@type':'type.googleapis.com/google.rpc.QuotaFailure','violations':["
                        + "{'quotaId':'GenerateRequestsPerMinutePerProjectPerModel-FreeTier','quotaValue':'0'}]}]}}"));

        assertThat(none.kind()).isEqualTo(FailureKind.QUOTA_EXHAUSTED);
    }

    /** It never fits, however long the caller waits. */
    @ParameterizedTest
    @CsvSource({"1000, TOO_LARGE_FOR_LIMIT", "100000, RATE_LIMITED"})
    void aPromptLargerThanAMinuteIsTooLong(String tokensPerMinute, FailureKind kind) throws IOException {
        String body = json("{'error':{'code':429,'status':'RESOURCE_EXHAUSTED','details':["
                + "{'@type':'type.googleapis.com/google.rpc.QuotaFailure','violations':[{'quotaId':"
                + "'GenerateContentInputTokensPerModelPerMinute-FreeTier','quotaValue':'" + tokensPerMinute + "'}]},"
                + "{'@type':'type.googleapis.com/google.rpc.RetryInfo','retryDelay':'48s'}]}}");
        ChatRequest request = ChatRequest.of("Many words. ".repeat(1_000));
        try (ReplyServer server = ReplyServer.replying(429, "application/json", body);
                GeminiProvider provider = GeminiReplay.open(server)) {
            ProviderException failure =
                    failure(() -> provider.chat(new ProviderCall("gemini-2.5-flash", request, Duration.ofSeconds(20))));

            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.retryAfter().isPresent()).isEqualTo(kind == FailureKind.RATE_LIMITED);
        }
    }

    @Test
    void delaysMayHaveNineDecimals() {
        ProviderException busy = error(
                429,
                json("{'error':{'code':429,'status':'RESOURCE_EXHAUSTED','details':["
                        + "{'@type':'type.googleapis.com/google.rpc.RetryInfo','retryDelay':'34.474824587s'}]}}"));

        assertThat(busy.kind()).isEqualTo(FailureKind.RATE_LIMITED);
        assertThat(busy.retryAfter()).contains(Duration.ofSeconds(34, 474_824_587));
    }

    @ParameterizedTest
    @CsvSource({
        "400, INVALID_ARGUMENT, Invalid JSON payload received., INVALID_REQUEST",
        "400, INVALID_ARGUMENT, The input token count (1250074) exceeds the maximum number of tokens allowed (1048576)., CONTEXT_TOO_LONG",
        "400, FAILED_PRECONDITION, User location is not supported for the API use., AUTHENTICATION",
        "402, RESOURCE_EXHAUSTED, Balance is used up., QUOTA_EXHAUSTED",
        "403, PERMISSION_DENIED, No., AUTHENTICATION",
        "402, FAILED_PRECONDITION, Balance is used up., QUOTA_EXHAUSTED",
        "402, INVALID_ARGUMENT, Balance is used up., QUOTA_EXHAUSTED",
        "402, PERMISSION_DENIED, Balance is used up., QUOTA_EXHAUSTED",
        "429, RESOURCE_EXHAUSTED, Your prepayment credits are depleted. Please go to AI Studio., QUOTA_EXHAUSTED",
        "429, RESOURCE_EXHAUSTED, Your project has exceeded its monthly spending cap., QUOTA_EXHAUSTED",
        "429, RESOURCE_EXHAUSTED, You exceeded your current quota; please check your plan and billing details., RATE_LIMITED",
        "404, NOT_FOUND, models/gemini-1.0 is not found for API version v1beta., MODEL_NOT_FOUND",
        "404, NOT_FOUND, This model models/gemini-1.0 is no longer available., MODEL_NOT_FOUND",
        "404, NOT_FOUND, Publisher Model `projects/p/x` was not found., MODEL_NOT_FOUND",
        "404, NOT_FOUND, Requested entity was not found., MODEL_NOT_FOUND",
        "404, NOT_FOUND, models/of-profile-9 is not found., MODEL_NOT_FOUND",
        "404, NOT_FOUND, Method not found., INVALID_REQUEST",
        "404, NOT_FOUND, CachedContent not found., INVALID_REQUEST",
        "404, NOT_FOUND, File files/abc was not found., INVALID_REQUEST",
        "400, INVALID_ARGUMENT, * GenerateContentRequest.model: unexpected model name format, MODEL_NOT_FOUND",
        "429, RESOURCE_EXHAUSTED, Resource has been exhausted (e.g. check quota)., RATE_LIMITED",
        "500, INTERNAL, Sorry., UNAVAILABLE",
        "503, UNAVAILABLE, The model is overloaded., OVERLOADED",
        "504, DEADLINE_EXCEEDED, Sorry., UNAVAILABLE"
    })
    void mapsErrors(int status, String word, String message, FailureKind kind) {
        String body = json("{'error':{'code':" + status + ",'message':'" + message + "','status':'" + word + "'}}");

        for (ProviderException failure : List.of(error(status, body), error(status, "[" + body + "]"))) {
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure).hasMessageContaining(word).message().doesNotContain(message);
        }
    }

    @Test
    void billingThatIsSwitchedOffIsNoBadKey() {
        ProviderException failure = error(
                403,
                json("{'error':{'code':403,'status':'PERMISSION_DENIED','details':["
                        + "{'@type':'type.googleapis.com/google.rpc.ErrorInfo','reason':'BILLING_DISABLED'}]}}"));

        assertThat(failure.kind()).isEqualTo(FailureKind.QUOTA_EXHAUSTED);
    }

    @Test
    void anotherPageThatIsMissingIsNoMissingModel() {
        for (String body : List.of("", "{}", "<html>Error 404 (Not Found)!!1</html>", "{\"detail\":\"Not Found\"}")) {
            assertThat(error(404, body).kind()).isEqualTo(FailureKind.INVALID_REQUEST);
        }
    }

    @Test
    void aUsedUpBalanceInsideAnAnswerIsOne() {
        String body = json("{'error':{'code':402,'message':'No.','status':'FAILED_PRECONDITION'}}");

        assertThat(failure(() -> streamed(body)).kind()).isEqualTo(FailureKind.QUOTA_EXHAUSTED);
    }

    @Test
    void anErrorThatIsNotJsonCountsByItsStatus() {
        assertThat(error(502, "<html>Bad Gateway</html>").kind()).isEqualTo(FailureKind.UNAVAILABLE);
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
