package dev.architect.provider.gemini;

import static dev.architect.provider.gemini.StubbedGemini.call;
import static dev.architect.provider.gemini.StubbedGemini.events;
import static dev.architect.provider.gemini.StubbedGemini.streamed;
import static dev.architect.provider.gemini.StubbedGemini.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Citation;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import dev.architect.chat.ToolCallDelta;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What answers become. */
class GeminiStreamReaderTest {

    private static final String CALLS = "{'candidates':[{'content':{'parts':["
            + "{'text':'I look.','thought':true},"
            + "{'functionCall':{'name':'weather','args':{'city':'Rome','days':2.5}},'thoughtSignature':'c2ln'},"
            + "{'functionCall':{'id':'own','name':'clock'}}]},'finishReason':'STOP'}]}";

    @Test
    void readsReasoningAndParallelCallsOfWhichTheFirstIsSigned() {
        for (ProviderAnswer answer : List.of(whole(CALLS), streamed(CALLS))) {
            assertThat(answer.content())
                    .containsExactly(
                            new Part.Reasoning("I look.", Optional.empty()),
                            new Part.ToolCall(
                                    "call_1",
                                    "weather",
                                    "{\"city\":\"Rome\",\"days\":2.5}",
                                    Optional.ofNullable(signature("c2ln"))),
                            new Part.ToolCall("own", "clock", "{}", Optional.empty()));
            assertThat(answer.stopReason()).isEqualTo(StopReason.TOOL_CALLS);
            assertThat(answer.text()).isEmpty();
        }
    }

    @Test
    void whatWasReadGoesBackAsItCame() {
        ChatRequest next = ChatRequest.builder(Message.toolResults(List.of(
                        new Part.ToolResult("call_1", "weather", "sunny", false),
                        new Part.ToolResult("own", "clock", "noon", false))))
                .earlier(Message.user("Weather?"))
                .earlier(new Message(Role.ASSISTANT, whole(CALLS).content()))
                .build();

        assertThat(StubbedGemini.body("gemini-3.5-flash", next)
                        .at("/contents/1/parts")
                        .toString())
                .isEqualTo(StubbedGemini.json("[{'functionCall':{'id':'call_1','name':'weather',"
                        + "'args':{'city':'Rome','days':2.5}},'thoughtSignature':'c2ln'},"
                        + "{'functionCall':{'id':'own','name':'clock','args':{}}}]"));
    }

    /** The last event of a stream may hold nothing but a signature. */
    @Test
    void aSignedTextIsTheSameWholeAndStreamed() {
        ProviderAnswer whole = whole("{'candidates':[{'content':{'parts':[{'text':'Hm.','thought':true},"
                + "{'text':'Two.','thoughtSignature':'c2ln'}]},'finishReason':'STOP'}]}");
        ProviderAnswer streamed = streamed(
                "{'candidates':[{'content':{'parts':[{'text':'H','thought':true}]}}]}",
                "{'candidates':[{'content':{'parts':[{'text':'m.','thought':true}]}}]}",
                "{'candidates':[{'content':{'parts':[{'text':'Tw'}]}}]}",
                "{'candidates':[{'content':{'parts':[{'text':'o.'}]}}]}",
                "{'candidates':[{'content':{'parts':[{'text':'','thoughtSignature':'c2ln'}]},"
                        + "'finishReason':'STOP'}]}");

        assertThat(streamed).isEqualTo(whole);
        assertThat(whole.content())
                .containsExactly(
                        new Part.Reasoning("Hm.", Optional.empty()),
                        new Part.Text("Two."),
                        new Part.Reasoning("", Optional.ofNullable(signature("c2ln"))));
    }

    @Test
    void deliversEverythingInOrder() {
        List<String> received = new ArrayList<>();
        ChatListener listener = new ChatListener() {
            @Override
            public void onText(String piece) {
                received.add("text " + piece);
            }

            @Override
            public void onReasoning(String piece) {
                received.add("reasoning " + piece);
            }

            @Override
            public void onToolCall(ToolCallDelta piece) {
                received.add("call " + piece.index() + piece.name() + piece.arguments());
            }

            @Override
            public void onUsage(TokenUsage soFar) {
                received.add("usage " + soFar);
            }

            @Override
            public void onStop(StopReason reason) {
                received.add("stop " + reason);
            }
        };
        String stream = events(
                "{'candidates':[{'content':{'parts':[{'text':'Hm.','thought':true}]}}],'usageMetadata':{'promptTokenCount':3}}",
                "{'candidates':[{'content':{'parts':[{'text':'So:'},{'functionCall':{'name':'clock','args':{}}}]}}],"
                        + "'usageMetadata':{'promptTokenCount':3}}",
                "{'candidates':[{'content':{},'finishReason':'STOP'}],'usageMetadata':{'promptTokenCount':3,'candidatesTokenCount':2}}");

        new StubbedGemini(stream).provider.stream(call("gemini-3.5-flash", ChatRequest.of("Hello?")), listener);

        assertThat(received)
                .containsExactly(
                        "reasoning Hm.",
                        "usage INPUT=3,OUTPUT=0",
                        "text So:",
                        "usage INPUT=3,OUTPUT=2",
                        "call 0clock{}",
                        "stop TOOL_CALLS");
    }

    /** From version 3 on each query is billed, before it a prompt with queries is billed once. */
    @ParameterizedTest
    @CsvSource({"gemini-3.5-flash, 2", "gemini-2.5-flash, 1"})
    void readsSourcesAndCountsSearches(String model, int searches) {
        String grounding = "'groundingMetadata':{'webSearchQueries':['rome','weather'],'groundingChunks':["
                + "{'web':{'uri':'https://example.com/1','title':'One'}},{'web':{'uri':'https://example.com/2'}}]}";
        String first = "{'candidates':[{'content':{'parts':[{'text':'Sun'}]}," + grounding + "}]}";
        String last = "{'candidates':[{'content':{'parts':[{'text':'ny.'}]},'finishReason':'STOP'," + grounding
                + "}],'usageMetadata':{'promptTokenCount':3,'candidatesTokenCount':2}}";

        ProviderAnswer answer = new StubbedGemini(events(first, last))
                .provider.stream(call(model, ChatRequest.of("Hello?")), piece -> {});

        assertThat(answer.citations())
                .containsExactly(
                        new Citation("", "One", Optional.of("https://example.com/1"), Optional.empty()),
                        new Citation("", "", Optional.of("https://example.com/2"), Optional.empty()));
        assertThat(answer.usage().count(UsageBucket.WEB_SEARCH)).isEqualTo(searches);
        assertThat(answer.usageSource()).isEqualTo(UsageSource.REPORTED);
    }

    @Test
    void recitedSourcesAreCited() {
        assertThat(whole(
                                "{'candidates':[{'content':{'parts':[{'text':'hi'}]},'finishReason':'STOP',"
                                        + "'citationMetadata':{'citationSources':[{'startIndex':0,'uri':'https://example.com/3'}]}}]}")
                        .citations())
                .containsExactly(new Citation("", "", Optional.of("https://example.com/3"), Optional.empty()));
    }

    @Test
    void imagesAndSoundAreCountedApartWithoutTheirCachedTokens() {
        String counts = "'promptTokenCount':100,'cachedContentTokenCount':40,'candidatesTokenCount':30,"
                + "'promptTokensDetails':[{'modality':'TEXT','tokenCount':30},{'modality':'IMAGE','tokenCount':50},"
                + "{'modality':'AUDIO','tokenCount':20}],"
                + "'candidatesTokensDetails':[{'modality':'TEXT','tokenCount':10},{'modality':'IMAGE','tokenCount':20}]";

        assertThat(
                        usage(
                                counts
                                        + ",'cacheTokensDetails':[{'modality':'TEXT','tokenCount':15},{'modality':'IMAGE','tokenCount':25}]"))
                .isEqualTo(new TokenUsage(Map.of(
                        UsageBucket.CACHE_READ, 40L,
                        UsageBucket.INPUT_IMAGE, 25L,
                        UsageBucket.INPUT_AUDIO, 20L,
                        UsageBucket.INPUT, 15L,
                        UsageBucket.OUTPUT_IMAGE, 20L,
                        UsageBucket.OUTPUT, 10L)));
        assertThat(
                        usage(
                                counts
                                        + ",'cacheTokensDetails':[{'modality':'TEXT','tokenCount':28},{'modality':'AUDIO','tokenCount':12}]"))
                .isEqualTo(new TokenUsage(Map.of(
                        UsageBucket.CACHE_READ, 28L,
                        UsageBucket.CACHE_READ_AUDIO, 12L,
                        UsageBucket.INPUT_IMAGE, 50L,
                        UsageBucket.INPUT_AUDIO, 8L,
                        UsageBucket.INPUT, 2L,
                        UsageBucket.OUTPUT_IMAGE, 20L,
                        UsageBucket.OUTPUT, 10L)));
        assertThat(usage(counts))
                .as("of what kind the cached tokens are is not said")
                .isEqualTo(new TokenUsage(Map.of(
                        UsageBucket.CACHE_READ, 40L,
                        UsageBucket.INPUT, 60L,
                        UsageBucket.OUTPUT_IMAGE, 20L,
                        UsageBucket.OUTPUT, 10L)));
    }

    @Test
    void aCallWithoutANameIsAFailure() {
        ProviderException failure = catchThrowableOfType(
                ProviderException.class,
                () -> whole("{'candidates':[{'content':{'parts':[{'functionCall':{}}]},'finishReason':'STOP'}]}"));

        assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
    }

    private static TokenUsage usage(String counts) {
        return whole("{'candidates':[{'content':{'parts':[{'text':'hi'}]},'finishReason':'STOP'}],'usageMetadata':{"
                        + counts + "}}")
                .usage();
    }

    private static Signature signature(String value) {
        return new Signature("gemini", value);
    }
}
