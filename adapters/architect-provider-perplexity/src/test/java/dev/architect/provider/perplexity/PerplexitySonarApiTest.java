package dev.architect.provider.perplexity;

import static dev.architect.provider.perplexity.StubbedPerplexity.refused;
import static dev.architect.provider.perplexity.StubbedPerplexity.sonar;
import static dev.architect.provider.perplexity.StubbedPerplexity.sonarStreamed;
import static dev.architect.provider.perplexity.StubbedPerplexity.sonarWhole;
import static dev.architect.provider.perplexity.StubbedPerplexity.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Citation;
import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.Part;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.Role;
import dev.architect.chat.Tool;
import dev.architect.cost.Money;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The format that ended, for proxies and old servers. */
class PerplexitySonarApiTest {

    private static final String THINKER = "sonar-reasoning-pro";

    @Test
    void sendsTurnsThatAlternate() {
        ChatRequest request = ChatRequest.builder("And now?")
                .earlier(Message.user("One."))
                .earlier(Message.user("Two."))
                .earlier(new Message(Role.ASSISTANT, List.of(new Part.Reasoning("Hm.", Optional.empty()))))
                .earlier(Message.user(new Part.Image(Media.of("image/png", new byte[] {1, 2, 3}))))
                .earlier(Message.assistant("Three."))
                .system("Be brief.")
                .maxOutputTokens(9)
                .temperature(0.5)
                .stopSequences(List.of("END"))
                .effort(ReasoningEffort.LOW)
                .outputSchema(new OutputSchema("animal", "{\"type\":\"object\"}"))
                .option("perplexity.search_domains", "example.com")
                .option("perplexity.search_after", "2026-01-05")
                .option("perplexity.search_context", "high")
                .option("perplexity.search_type", "pro")
                .option("perplexity.search_mode", "academic")
                .option("perplexity.disable_search", "false")
                .option("perplexity.language", "pt")
                .build();

        assertThat(sonar(THINKER, request))
                .isEqualTo(tree("{'model':'sonar-reasoning-pro','messages':["
                        + "{'role':'system','content':'Be brief.'},"
                        + "{'role':'user','content':[{'type':'text','text':'One.'},{'type':'text','text':'Two.'},"
                        + "{'type':'image_url','image_url':{'url':'data:image/png;base64,AQID'}}]},"
                        + "{'role':'assistant','content':'Three.'},{'role':'user','content':'And now?'}],"
                        + "'max_tokens':9,'temperature':0.5,'stop':['END'],'reasoning_effort':'low',"
                        + "'response_format':{'type':'json_schema','json_schema':{'name':'animal','strict':true,"
                        + "'schema':{'type':'object'}}},"
                        + "'search_domain_filter':['example.com'],'search_after_date_filter':'01/05/2026',"
                        + "'web_search_options':{'search_context_size':'high','search_type':'pro'},"
                        + "'search_mode':'academic','language_preference':'pt','disable_search':false}"));
        assertThat(sonar(
                                "sonar",
                                ChatRequest.builder("Two.")
                                        .earlier(Message.user("One."))
                                        .build())
                        .path("messages"))
                .isEqualTo(tree("[{'role':'user','content':'One.\\n\\nTwo.'}]"));
    }

    @Test
    void refusesWhatItDoesNotHave() {
        assertThat(lacking(ChatRequest.builder("Hello?")
                        .tools(new Tool("weather", "", "{}"))
                        .build()))
                .hasMessageContaining("TOOLS");
        assertThat(lacking(ChatRequest.builder("Hello?")
                        .effort(ReasoningEffort.LOW)
                        .build()))
                .hasMessageContaining("REASONING_EFFORT");
        assertThat(lacking(ChatRequest.builder("Hello?")
                        .option("perplexity.preset", "low")
                        .build()))
                .hasMessageContaining("perplexity.preset");
        assertThat(refused(
                        THINKER,
                        ChatRequest.builder("Hello?")
                                .effort(ReasoningEffort.MAX)
                                .build(),
                        PerplexityProvider.Builder::sonarChat))
                .hasMessageContaining("effort is MAX, expected MINIMAL, LOW, MEDIUM or HIGH");
    }

    @Test
    void citesByPlaceWithTheSearchResults() {
        ProviderAnswer answer = sonarWhole(
                "sonar",
                "{'model':'sonar','citations':['https://a.example','https://b.example'],'search_results':["
                        + "{'url':'https://b.example','title':'B','snippet':'Says b.'},"
                        + "{'url':'https://c.example','title':'C'}],"
                        + "'choices':[{'finish_reason':'stop','message':{'content':'So.[2]'}}]}");

        assertThat(answer.citations())
                .containsExactly(
                        new Citation("1", "", Optional.of("https://a.example"), Optional.empty()),
                        new Citation("2", "B", Optional.of("https://b.example"), Optional.of("Says b.")),
                        new Citation("", "C", Optional.of("https://c.example"), Optional.empty()));
        assertThat(sonarWhole(
                                "sonar",
                                "{'citations':null,'search_results':[{'url':'https://b.example','title':'B'}],"
                                        + "'choices':[{'finish_reason':'length'}]}")
                        .citations())
                .containsExactly(new Citation("1", "B", Optional.of("https://b.example"), Optional.empty()));
    }

    /** Each event repeats every source, and a later search changes them. */
    @Test
    void theSourcesAndCountsOfTheLastEventStand() {
        ProviderAnswer answer = sonarStreamed(
                "sonar",
                piece -> {},
                chunk("{'content':'1 '}", "'1 '", "null", "['https://old.example']", "'total_cost':0"),
                chunk("{'content':'2'}", "'1 2'", "null", "['https://new.example']", "'total_cost':0.00001"),
                chunk(
                        "{'content':''}",
                        "'1 2'",
                        "'stop'",
                        "['https://new.example']",
                        "'request_cost':0.005,'total_cost':0.00501"));

        assertThat(answer.text()).isEqualTo("1 2");
        assertThat(answer.citations()).extracting(Citation::url).containsExactly(Optional.of("https://new.example"));
        assertThat(answer.statedCost()).contains(Money.ofUsd("0.00501"));
        assertThat(answer.usage().toString()).isEqualTo("INPUT=8,OUTPUT=5,REQUEST=1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'choices':[{'delta':{'content':'1 2'}}]}",
                "{'choices':[{'delta':{'content':'1'},'message':{'content':'1 2'}}]}",
                "{'choices':[{'delta':null,'message':{'content':'1 2'}}]}",
                "{'choices':[],'citations':null,'usage':null}"
            })
    void deliversWhatIsMissingOfTheTextSoFar(String first) {
        assertThat(sonarStreamed(
                                "sonar",
                                piece -> {},
                                first,
                                "{'object':'chat.completion.done','choices':[{'finish_reason':'stop',"
                                        + "'delta':{'content':''},'message':{'content':'1 2'}}]}")
                        .text())
                .isEqualTo("1 2");
    }

    @Test
    void takesTheEndOfAProxyWithItsOwnLastEvents() {
        ProviderAnswer answer = sonarStreamed(
                "sonar",
                piece -> {},
                "{'choices':[{'delta':{'content':'1 2'},'finish_reason':'stop'}]}",
                "{'choices':[],'usage':{'prompt_tokens':8,'completion_tokens':5}}",
                "[DONE]");

        assertThat(answer.stopReason()).isEqualTo(StopReason.COMPLETE);
        assertThat(answer.usage().toString()).isEqualTo("INPUT=8,OUTPUT=5");
    }

    @Test
    void aStreamWithoutAnEndIsNoAnswer() {
        for (String end : List.of("[DONE]", "{'choices':[{'delta':{'content':'!'}}]}")) {
            ProviderException failure = catchThrowableOfType(
                    ProviderException.class,
                    () -> sonarStreamed("sonar", piece -> {}, "{'choices':[{'delta':{'content':'1 2'}}]}", end));

            assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
            assertThat(failure.receivedCharacters()).isBetween(3L, 4L);
        }
    }

    @Test
    void aStreamThatBreaksKeepsModelAndCostThatWereStated() {
        ProviderException failure = catchThrowableOfType(
                ProviderException.class,
                () -> sonarStreamed(
                        "sonar",
                        piece -> {},
                        "{'model':'sonar-2','choices':[{'delta':{'content':'1'}}],"
                                + "'usage':{'prompt_tokens':3,'cost':{'total_cost':0.00501}}}",
                        "{'choices':[{'delta':{'content':'2'}}]}"));

        assertThat(failure.answeringModel()).contains("sonar-2");
        assertThat(failure.statedCostPicoUsd()).hasValue(Money.ofUsd("0.00501").picoUsd());
    }

    @Test
    void anErrorInPlaceOfAnAnswerIsAFailure() {
        String error = "{'error':{'message':'secret words','type':'request_rate_limit_exceeded','code':429}}";

        assertThat(catchThrowableOfType(ProviderException.class, () -> sonarWhole("sonar", error))
                        .kind())
                .isEqualTo(FailureKind.RATE_LIMITED);
        assertThat(catchThrowableOfType(
                                ProviderException.class,
                                () -> sonarStreamed(
                                        "sonar", piece -> {}, "{'choices':[{'delta':{'content':'1'}}]}", error))
                        .kind())
                .isEqualTo(FailureKind.RATE_LIMITED);
        assertThat(catchThrowableOfType(ProviderException.class, () -> sonarWhole("sonar", "{'choices':[]}"))
                        .kind())
                .isEqualTo(FailureKind.PROTOCOL);
    }

    /** Wherever the stream is cut into pieces, and only of models that think. */
    @Test
    void reasoningAtTheStartIsNoText() {
        String said = "<think>First <b>this</b>.</think>\\n\\nThen <think>that</think>.";
        String done = "{'object':'chat.completion.done','choices':[{'finish_reason':'stop'}]}";
        String plain = said.replace("\\n", "\n");
        for (int cut = 1; cut < plain.length(); cut++) {
            ProviderAnswer answer = sonarStreamed(
                    THINKER, piece -> {}, delta(plain.substring(0, cut)), delta(plain.substring(cut)), done);

            assertThat(answer.content())
                    .containsExactly(
                            new Part.Reasoning("First <b>this</b>.", Optional.empty()),
                            new Part.Text("Then <think>that</think>."));
        }
        assertThat(sonarStreamed("sonar", piece -> {}, delta(plain), done).text())
                .isEqualTo(plain);
        for (String open : List.of("<think>Never", "<thin", "<thinking is hard", "A <think>")) {
            assertThat(sonarStreamed(THINKER, piece -> {}, delta(open), done).content())
                    .containsExactly(
                            open.startsWith("<think>")
                                    ? new Part.Reasoning("Never", Optional.empty())
                                    : new Part.Text(open));
        }
    }

    @Test
    void countsTheReasoningOfDeepResearchApart() {
        String reply = "{'model':'MODEL','usage':{'prompt_tokens':8,'completion_tokens':5,'citation_tokens':90,"
                + "'reasoning_tokens':70,'num_search_queries':3},'choices':[{'finish_reason':'stop'}]}";

        assertThat(sonarWhole("sonar-deep-research", reply.replace("MODEL", "sonar-deep-research"))
                        .usage()
                        .toString())
                .isEqualTo("INPUT=8,OUTPUT=5,REASONING=70,CITATION=90,WEB_SEARCH=3");
        assertThat(sonarWhole(THINKER, reply.replace("MODEL", THINKER)).usage().toString())
                .isEqualTo("INPUT=8,OUTPUT=5,CITATION=90,WEB_SEARCH=3,REASONING_IN_OUTPUT=70");
    }

    private static ProviderException lacking(ChatRequest request) {
        return refused("sonar", request, PerplexityProvider.Builder::sonarChat);
    }

    private static String delta(String text) {
        return "{'choices':[{'delta':{'content':'" + text.replace("\n", "\\n") + "'}}]}";
    }

    private static String chunk(String delta, String soFar, String finish, String citations, String cost) {
        return "{'model':'sonar','object':'chat.completion.chunk','citations':" + citations
                + ",'usage':{'prompt_tokens':8,'completion_tokens':5,'cost':{" + cost + "}},"
                + "'choices':[{'delta':" + delta + ",'message':{'content':" + soFar + "},'finish_reason':" + finish
                + "}]}";
    }
}
