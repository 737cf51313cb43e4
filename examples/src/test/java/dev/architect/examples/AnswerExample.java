package dev.architect.examples;

import dev.architect.Architect;
import dev.architect.ArchitectBuilder;
import dev.architect.answer.SemanticCache;
import dev.architect.chat.AcceptedAnswers;
import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.record.DecisionOutcome;
import dev.architect.record.DecisionQuery;
import dev.architect.record.DecisionRecord;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.learned.QualityModel;
import dev.architect.router.learned.QualityModelTrainer;
import dev.architect.router.learned.QualityOutcome;
import dev.architect.router.policy.CacheSettings;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.pricing.Prices;
import dev.architect.router.replay.PolicyReplay;
import dev.architect.router.replay.ReplayReport;
import dev.architect.router.verification.ArithmeticChecker;
import dev.architect.router.verification.JavaSourceChecker;
import dev.architect.router.verification.RegularExpressionChecker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The examples of the page about checks, caches, feedback and records, compiled and run. */
final class AnswerExample {

    private AnswerExample() {}

    static ArchitectBuilder checkers(ArchitectBuilder builder, RoutingPolicy policy) {
        return builder.router(CostAwareRouter.with(policy)
                .checker("arithmetic", new ArithmeticChecker())
                .checker("java", new JavaSourceChecker())
                .checker("no-apology", RegularExpressionChecker.without("(?i)as an ai"))
                .checker(
                        "short",
                        (request, answer) -> answer.text().length() <= 2_000
                                ? AnswerVerdict.accepted()
                                : AnswerVerdict.rejected("too-long")));
    }

    static ChatResponse checked(Architect architect) {
        ChatRequest request = ChatRequest.builder("What is 17 × 23?")
                .accepted(AcceptedAnswers.FINISHED.checkedBy("arithmetic"))
                .build();
        ChatResponse answer = architect.chat(request);
        System.out.println(
                answer.verdict() + ", all calls cost " + answer.cost().spent());
        return answer;
    }

    static RoutingPolicy cached(RoutingPolicy policy) {
        return policy.toBuilder()
                .cache(new CacheSettings(true, 10_000, 64 << 20, Duration.ofHours(1), CacheSettings.Scope.USER))
                .build();
    }

    static CostAwareRouter.Builder semantic(RoutingPolicy policy, SemanticCache similar) {
        return CostAwareRouter.with(policy).semanticCache(similar);
    }

    static void feedback(Architect architect, ChatResponse answer) {
        architect.feedback(answer.requestId(), true);
        architect.feedback(answer.requestId(), 0.8);
    }

    static List<DecisionRecord> failed(Architect architect, Instant yesterday) {
        List<DecisionRecord> failed = architect
                .records()
                .find(DecisionQuery.newest(100)
                        .withOutcome(DecisionOutcome.FAILED)
                        .withFrom(yesterday));
        return failed;
    }

    static ReplayReport replay(RoutingPolicy other, List<DecisionRecord> records) {
        ReplayReport report = PolicyReplay.under(other, Prices.standard()).replay(records);
        System.out.println(report.changed() + " of " + report.answered() + " requests would go elsewhere, for "
                + report.delta() + " more; " + report.unpricedShare() + " are not compared for lack of a price");
        return report;
    }

    static String amongSeveral(List<QualityOutcome> outcomes, String prompt) {
        Map<String, Double> prices = Map.of("small", 0.2, "large", 0.9);
        QualityModel model = QualityModelTrainer.withSeed(1).train(outcomes, prices);
        String chosen = model.choose(prompt, model.dial().forPrice(0.57));
        return chosen;
    }
}
