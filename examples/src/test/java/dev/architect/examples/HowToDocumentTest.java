package dev.architect.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.cost.CostStatus;
import dev.architect.prompt.ChatRequestCodec;
import dev.architect.record.Feedback;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.learned.QualityOutcome;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ClusterTransport;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.task.TaskHandle;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the pages to the code: their examples are compiled and run, their links lead to a page and a heading. */
final class HowToDocumentTest {

    private static final Path ROOT = Path.of("..");
    private static final Path HOW_TO = ROOT.resolve("docs/how-to");
    private static final Path EXAMPLES = Path.of("src/test/java/dev/architect/examples");
    private static final Path SPRING_BOOT = Path.of("spring-boot/src/main/java/dev/architect/examples/springboot");
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern JSON = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    /** Pages whose examples have tests of their own. */
    private static final Set<String> TESTED_ELSEWHERE = Set.of("conversations.md", "write-an-adapter.md");

    @Test
    void everyBlockOfCodeIsCompiled() throws IOException {
        String compiled = "";
        for (String name : List.of(
                "HowToExample",
                "AnswerExample",
                "TaskExample",
                "CostExample",
                "OrderExample",
                "ApprovalExample",
                "PostgresExample",
                "ClusterTransportExample",
                "LangChain4jExample",
                "SpringAiExample")) {
            compiled += flat(Files.readString(EXAMPLES.resolve(name + ".java"))) + "\n";
        }
        for (String name : List.of("OrderService", "InvoiceWorker")) {
            compiled += flat(Files.readString(SPRING_BOOT.resolve(name + ".java"))) + "\n";
        }
        List<String> blocks = new ArrayList<>();
        for (Path page : pages(HOW_TO)) {
            if (!TESTED_ELSEWHERE.contains(page.getFileName().toString())) {
                blocks.addAll(blocks(JAVA, page));
            }
        }
        blocks.addAll(blocks(Pattern.compile("~~~java\n(.*?)~~~", Pattern.DOTALL), ROOT.resolve("README.md")));

        assertThat(blocks).hasSizeGreaterThan(10);
        for (String block : blocks) {
            assertThat(compiled).contains(flat(block));
        }
    }

    @Test
    void theExamplesRun() throws Exception {
        try (Architect architect = Architect.builder()
                .store(new InMemoryStore(TimeSource.system()))
                .provider(ScriptedProvider.named("claude")
                        .always(ScriptedStep.answer("The sky is blue.", TokenUsage.of(12, 4))))
                .router(CostAwareRouter.with(RoutingPolicy.standard()))
                .worker(HowToExample.worker())
                .build()) {
            TaskHandle review = HowToExample.task(architect);
            TaskHandle thumbnail = HowToExample.thumbnail(architect);

            assertThat(HowToExample.scoped(architect).text()).isEqualTo("The sky is blue.");
            assertThat(HowToExample.asynchronous(architect).text()).isEqualTo("The sky is blue.");
            assertThat(review.await(Duration.ofMinutes(1)).output()).contains("The sky is blue.");
            assertThat(thumbnail.await(Duration.ofMinutes(1)).output()).contains("The sky is blue.");
            assertThat(CostExample.reports(architect, review.id()).totals().requests())
                    .isEqualTo(1);
            assertThat(LangChain4jExample.asTheirModel(architect).status()).isEqualTo(CostStatus.PRICED);
            assertThat(SpringAiExample.asTheirModel(architect).status()).isEqualTo(CostStatus.PRICED);
            HowToExample.report(architect);
            assertThat(architect.ledger().newest(20)).hasSize(6);
            theExamplesAboutAnswersRun(architect);
        }
        HowToExample.manualTime();
    }

    @Test
    void theExamplesOfTransportsRun() throws IOException {
        try (ClusterTransport overTcp = ClusterTransportExample.onOneMachine();
                ClusterTransport overTls =
                        ClusterTransportExample.onSeveralMachines(InetAddress.getByName("192.0.2.1"), "secret");
                ClusterTransport overStore =
                        ClusterTransportExample.withoutAPort(new InMemoryStore(TimeSource.system()))) {
            overTcp.start("node", (from, message) -> {});
            overStore.start("node", (from, message) -> {});

            assertThat(overTcp.view().members()).containsExactly("node");
            assertThat(overStore.view().members()).containsExactly("node");
            assertThat(overTls.view().members()).isEmpty();
        }
    }

    private static void theExamplesAboutAnswersRun(Architect other) throws Exception {
        ChatResponse plain = other.chat(ChatRequest.of("Hi"));
        AnswerExample.feedback(other, plain);
        assertThat(other.records().feedback(plain.requestId()))
                .map(Feedback::score)
                .contains(0.8);
        assertThat(AnswerExample.failed(other, Instant.EPOCH)).isEmpty();
        assertThat(AnswerExample.amongSeveral(outcomes(), "Name a colour.")).isIn("small", "large");
        assertThat(AnswerExample.replay(RoutingPolicy.standard(), List.of()).answered())
                .isZero();
        RoutingPolicy cached = AnswerExample.cached(RoutingPolicy.standard());
        assertThat(cached.cache().enabled()).isTrue();
        try (Architect architect = AnswerExample.checkers(
                        Architect.builder()
                                .store(new InMemoryStore(TimeSource.system()))
                                .provider(ScriptedProvider.named("claude")
                                        .always(ScriptedStep.answer("17 × 23 = 391", TokenUsage.of(12, 4)))),
                        cached)
                .build()) {
            assertThat(AnswerExample.checked(architect).verdict()).isEqualTo(AnswerVerdict.accepted());
            assertThat(AnswerExample.checked(architect).isCached()).isTrue();
        }
    }

    @Test
    void thePageOfTheRequestFormatNamesEveryFieldAndItsExamplesAreRequests() throws IOException {
        Path page = ROOT.resolve("docs/reference/request-json.md");
        String text = Files.readString(page);

        assertThat(ChatRequestCodec.FIELDS).allSatisfy(field -> assertThat(text).contains("| `" + field + "`"));
        assertThat(blocks(JSON, page))
                .hasSizeGreaterThan(1)
                .allSatisfy(json -> assertThat(ChatRequestCodec.read(json)).isNotNull());
    }

    @Test
    void everyLinkLeadsToAFileAndAHeading() throws IOException {
        List<Path> pages = new ArrayList<>(pages(ROOT.resolve("docs")));
        for (String page : List.of(
                "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "VERSIONING.md", "SECURITY.md", "examples/README.md")) {
            pages.add(ROOT.resolve(page));
        }
        List<String> broken = new ArrayList<>();
        int count = 0;
        for (Path page : pages) {
            Matcher links = LINK.matcher(Files.readString(page));
            while (links.find()) {
                String link = links.group(1);
                if (!link.startsWith("https:")) {
                    count++;
                    if (!leadsSomewhere(page, link)) {
                        broken.add(page + " -> " + link);
                    }
                }
            }
        }

        assertThat(broken).isEmpty();
        assertThat(count).isGreaterThan(30);
    }

    @Test
    void theIndexNamesEveryPage() throws IOException {
        Path docs = ROOT.resolve("docs");
        String index = Files.readString(docs.resolve("README.md"));

        Set<String> linked = LINK.matcher(index)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(pages(docs))
                .extracting(page -> docs.relativize(page).toString())
                .filteredOn(page -> !page.equals("README.md"))
                .isNotEmpty()
                .allSatisfy(page -> assertThat(linked).contains(page));
    }

    /** The longer a question, the worse the small model answers it. */
    private static List<QualityOutcome> outcomes() {
        return IntStream.range(0, 200)
                .mapToObj(i -> new QualityOutcome(
                        "Question " + i + ": " + "why is that so? ".repeat(i % 20),
                        Optional.empty(),
                        Map.of("small", 1 - i % 20 / 20.0, "large", 0.9)))
                .toList();
    }

    private static boolean leadsSomewhere(Path page, String link) throws IOException {
        String file = link.replaceFirst("#.*", "");
        Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
        if (!Files.exists(target)) {
            return false;
        }
        int hash = link.indexOf('#');
        return hash < 0 || anchors(target).contains(link.substring(hash + 1));
    }

    /** The anchors that GitHub gives to headings. */
    private static Set<String> anchors(Path page) throws IOException {
        return Pattern.compile("(?m)^#+ (.*)$")
                .matcher(Files.readString(page))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    private static List<Path> pages(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> blocks(Pattern pattern, Path page) throws IOException {
        return pattern.matcher(Files.readString(page))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }

    /** Indentation and line breaks differ between a page and a class. */
    private static String flat(String code) {
        return code.replaceAll("\\s+", "");
    }
}
