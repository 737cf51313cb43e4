package dev.architect.router.verification;

import dev.architect.answer.AnswerChecker;
import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Part;
import dev.architect.chat.ResponseCost;
import dev.architect.cost.Cost;
import dev.architect.cost.MoneyTotal;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.route.Classification;
import dev.architect.route.Route;
import dev.architect.usage.TokenUsage;
import java.util.List;

/** Asks a checker about a text. */
final class AnswerFixture {

    private AnswerFixture() {}

    static String verdict(AnswerChecker checker, String text) {
        AnswerVerdict verdict = checker.check(ChatRequest.of("Hi"), answer(text));
        return verdict.isRejected() ? verdict.reason() : verdict.kind().toString();
    }

    static ChatResponse answer(String text) {
        return new ChatResponse(
                List.of(new Part.Text(text)),
                StopReason.COMPLETE,
                new ModelId("openai", "gpt-4o-mini"),
                TokenUsage.UNKNOWN,
                new ResponseCost(Cost.NOT_BILLED, Cost.NOT_BILLED, MoneyTotal.ZERO),
                new Route(new Classification(Complexity.SIMPLE, 0, List.of()), List.of(), List.of()),
                0,
                List.of());
    }
}
