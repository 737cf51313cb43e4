package dev.architect.record;

import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.Quality;
import dev.architect.check.Check;
import dev.architect.choice.ChoiceReason;
import dev.architect.choice.LearnedChoice;
import dev.architect.cost.Money;
import dev.architect.json.JsonText;
import dev.architect.model.Capability;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.project.ProjectId;
import dev.architect.route.ExclusionReason;
import dev.architect.task.TaskId;
import dev.architect.usage.TokenUsage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of a record, in stores and over REST. Amounts are whole pico-dollars. Fields that a newer version adds are passed over, and
 * constants that this version does not know are left out or read as the nearest it has. Thread safe: it has no state.
 */
public final class DecisionCodec {

    private DecisionCodec() {}

    /** Returns the record as JSON, without sequence and feedback. */
    public static String write(DecisionRecord record) {
        Check.notNull("record", record);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("requestId", record.requestId());
        fields.put("at", record.at().toString());
        fields.put("policyVersion", record.policyVersion());
        fields.put("project", record.project().name());
        // As text, because readers of JSON may round a number of that size.
        record.task().ifPresent(task -> fields.put("task", Long.toString(task.value())));
        RequestFeatures features = record.features();
        fields.put("complexity", features.complexity().name());
        fields.put("quality", features.quality().name());
        features.model().ifPresent(model -> fields.put("model", model.toString()));
        fields.put(
                "capabilities", features.capabilities().stream().map(Enum::name).toList());
        fields.put(
                "candidates",
                record.candidates().stream().map(DecisionCodec::candidate).toList());
        fields.put(
                "exclusions",
                record.exclusions().stream()
                        .map(each -> Map.of(
                                "model",
                                each.model().toString(),
                                "reason",
                                each.reason().name()))
                        .toList());
        fields.put("result", result(record.result()));
        record.choice().ifPresent(choice -> fields.put("choice", choice(choice)));
        return JsonText.write(fields);
    }

    private static Map<String, Object> choice(LearnedChoice choice) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("by", choice.by());
        fields.put("reason", choice.reason().name());
        fields.put("chosen", choice.chosen().toString());
        fields.put("score", choice.score());
        fields.put("threshold", choice.threshold());
        fields.put("propensity", choice.propensity());
        choice.expectedQuality().ifPresent(quality -> fields.put("expectedQuality", quality));
        choice.expectedSaving().ifPresent(saving -> fields.put("expectedSaving", saving));
        return fields;
    }

    private static Map<String, Object> candidate(DecisionCandidate candidate) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("model", candidate.model().toString());
        fields.put("quality", candidate.quality());
        fields.put("promptTokens", candidate.promptTokens());
        fields.put("answerTokens", candidate.answerTokens());
        candidate.estimate().ifPresent(amount -> fields.put("estimatePicoUsd", amount.picoUsd()));
        return fields;
    }

    private static Map<String, Object> result(DecisionResult result) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("outcome", result.outcome().name());
        result.failure().ifPresent(kind -> fields.put("failure", kind.name()));
        result.answered().ifPresent(model -> fields.put("answered", model.toString()));
        fields.put("position", result.position());
        fields.put("calls", result.calls());
        fields.put("unpricedCalls", result.unpricedCalls());
        fields.put("usage", JsonText.raw(result.usage().toJson()));
        result.cost().ifPresent(amount -> fields.put("costPicoUsd", amount.picoUsd()));
        fields.put("spentPicoUsd", result.spent().picoUsd());
        fields.put("latencyNanos", result.latency().toNanos());
        fields.put("verdict", result.verdict().kind().name());
        if (result.verdict().isRejected()) {
            fields.put("reason", result.verdict().reason());
        }
        return fields;
    }

    /**
     * Reads what {@link #write} wrote, with the sequence 0 and without feedback.
     *
     * @throws IllegalArgumentException when it is no such record
     */
    public static DecisionRecord read(String json) {
        Fields fields = new Fields(JsonText.readObject(Check.notNull("json", json)));
        return new DecisionRecord(
                0,
                fields.text("requestId"),
                Instant.parse(fields.text("at")),
                fields.text("policyVersion"),
                new ProjectId(fields.text("project")),
                fields.optional("task").map(text -> new TaskId(Long.parseLong(text))),
                new RequestFeatures(
                        fields.constant("complexity", Complexity.class).orElse(Complexity.COMPLEX),
                        fields.constant("quality", Quality.class).orElse(Quality.AUTO),
                        fields.optional("model").map(ModelId::parse),
                        capabilities(fields)),
                fields.objects("candidates").stream()
                        .map(DecisionCodec::candidate)
                        .toList(),
                exclusions(fields),
                result(fields.object("result")),
                Optional.empty(),
                fields.values().get("choice") instanceof Map<?, ?>
                        ? choice(fields.object("choice"))
                        : Optional.empty());
    }

    /** Empty for a reason of a newer version: what it rests on is then not known. */
    private static Optional<LearnedChoice> choice(Fields fields) {
        return fields.constant("reason", ChoiceReason.class)
                .map(reason -> new LearnedChoice(
                        fields.text("by"),
                        reason,
                        ModelId.parse(fields.text("chosen")),
                        fields.decimal("score").orElse(0),
                        fields.decimal("threshold").orElse(0),
                        fields.decimal("propensity").orElse(1),
                        fields.decimal("expectedQuality"),
                        fields.decimal("expectedSaving")));
    }

    private static Set<Capability> capabilities(Fields fields) {
        Set<Capability> known = EnumSet.noneOf(Capability.class);
        for (Object name : fields.list("capabilities")) {
            constant(String.valueOf(name), Capability.class).ifPresent(known::add);
        }
        return known;
    }

    private static DecisionCandidate candidate(Fields fields) {
        return new DecisionCandidate(
                ModelId.parse(fields.text("model")),
                (int) fields.number("quality"),
                fields.number("promptTokens"),
                fields.number("answerTokens"),
                fields.amount("estimatePicoUsd"));
    }

    private static List<DecisionExclusion> exclusions(Fields fields) {
        List<DecisionExclusion> exclusions = new ArrayList<>();
        for (Fields each : fields.objects("exclusions")) {
            each.constant("reason", ExclusionReason.class)
                    .ifPresent(
                            reason -> exclusions.add(new DecisionExclusion(ModelId.parse(each.text("model")), reason)));
        }
        return exclusions;
    }

    private static DecisionResult result(Fields fields) {
        AnswerVerdict.Kind kind =
                fields.constant("verdict", AnswerVerdict.Kind.class).orElse(AnswerVerdict.Kind.UNCHECKED);
        return new DecisionResult(
                fields.constant("outcome", DecisionOutcome.class).orElse(DecisionOutcome.FAILED),
                fields.constant("failure", FailureKind.class),
                fields.optional("answered").map(ModelId::parse),
                (int) fields.number("position"),
                (int) fields.number("calls"),
                (int) fields.number("unpricedCalls"),
                TokenUsage.ofJson(JsonText.write(fields.map("usage"))),
                fields.amount("costPicoUsd"),
                new Money(fields.number("spentPicoUsd")),
                Duration.ofNanos(fields.number("latencyNanos")),
                new AnswerVerdict(kind, fields.optional("reason").orElse("")));
    }

    private static <E extends Enum<E>> Optional<E> constant(String name, Class<E> type) {
        return Arrays.stream(type.getEnumConstants())
                .filter(each -> each.name().equals(name))
                .findFirst();
    }

    /** The fields of an object. */
    private record Fields(Map<String, @Nullable Object> values) {

        Optional<String> optional(String name) {
            return Optional.ofNullable(values.get(name)).map(Object::toString);
        }

        String text(String name) {
            return optional(name)
                    .orElseThrow(() -> new IllegalArgumentException(name + " is missing, expected it in a record"));
        }

        long number(String name) {
            return new BigDecimal(text(name)).longValueExact();
        }

        OptionalDouble decimal(String name) {
            return optional(name).stream().mapToDouble(Double::parseDouble).findFirst();
        }

        Optional<Money> amount(String name) {
            return optional(name).map(text -> new Money(new BigDecimal(text).longValueExact()));
        }

        <E extends Enum<E>> Optional<E> constant(String name, Class<E> type) {
            return optional(name).flatMap(text -> DecisionCodec.constant(text, type));
        }

        List<?> list(String name) {
            return values.get(name) instanceof List<?> list ? list : List.of();
        }

        @SuppressWarnings("unchecked")
        Map<String, @Nullable Object> map(String name) {
            if (values.get(name) instanceof Map<?, ?> map) {
                return (Map<String, @Nullable Object>) map;
            }
            throw new IllegalArgumentException(name + " is missing, expected an object");
        }

        Fields object(String name) {
            return new Fields(map(name));
        }

        @SuppressWarnings("unchecked")
        List<Fields> objects(String name) {
            List<Fields> objects = new ArrayList<>();
            for (Object each : list(name)) {
                if (each instanceof Map<?, ?> map) {
                    objects.add(new Fields((Map<String, @Nullable Object>) map));
                }
            }
            return objects;
        }
    }
}
