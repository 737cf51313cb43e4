package dev.architect.planner.approval;

import dev.architect.error.FileProblem;
import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonException;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.planner.check.JsonPlaces;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a policy, all of it or nothing; a failure names each problem with line and column. Used by one thread. */
final class ApprovalPolicyReader {

    private static final Set<String> FIELDS =
            Set.of("about", "shell", "workspace", "home", "user", "environmentAllowed", "secret", "protected", "rules");

    private static final Pattern PLACE = Pattern.compile("at character (\\d+)");

    private final String name;
    private final String json;
    private final List<FileProblem> problems = new ArrayList<>();
    private @Nullable JsonPlaces places;

    private ApprovalPolicyReader(String name, String json) {
        this.name = name;
        this.json = json;
    }

    static ApprovalPolicy read(String name, String json) {
        return new ApprovalPolicyReader(name, json).read();
    }

    private ApprovalPolicy read() {
        Map<String, @Nullable Object> tree;
        JsonFields policy;
        try {
            tree = JsonText.readObject(json);
            policy = JsonFields.parse(json);
        } catch (JsonException noJson) {
            throw new InvalidPolicyException(List.of(syntax(noJson)));
        }
        try {
            policy.allowOnly(FIELDS);
            ApprovalPolicy made = made(policy, tree);
            if (problems.isEmpty()) {
                return made;
            }
        } catch (InvalidFieldException wrong) {
            problem(wrong.field(), String.valueOf(wrong.getMessage()));
        } catch (IllegalArgumentException wrong) {
            String message = String.valueOf(wrong.getMessage());
            problem(message.split(" ", 2)[0], message);
        }
        throw new InvalidPolicyException(problems);
    }

    private ApprovalPolicy made(JsonFields policy, Map<String, @Nullable Object> tree) {
        String shell = policy.text("shell").orElse("bash");
        if (!Set.of("bash", "sh", "dash").contains(shell)) {
            throw policy.invalid("shell", "'" + JsonFields.shorten(shell) + "'", "bash, dash or sh");
        }
        policy.text("about");
        String user = policy.text("user").orElse("agent");
        List<ApprovalRule> rules = rules(policy, tree);
        return new ApprovalPolicy(
                policy.requiredText("workspace"),
                policy.text("home").orElse("/home/" + user),
                policy.has("environmentAllowed")
                        ? new LinkedHashSet<>(policy.texts("environmentAllowed"))
                        : ApprovalPolicy.USUAL_ENVIRONMENT,
                policy.has("secret") ? policy.texts("secret") : ApprovalPolicy.USUAL_SECRET,
                policy.has("protected") ? policy.texts("protected") : ApprovalPolicy.USUAL_PROTECTED,
                rules);
    }

    private List<ApprovalRule> rules(JsonFields policy, Map<String, @Nullable Object> tree) {
        List<ApprovalRule> rules = new ArrayList<>();
        List<JsonFields> objects = policy.objects("rules");
        List<?> trees = tree.get("rules") instanceof List<?> list ? list : List.of();
        for (int index = 0; index < objects.size(); index++) {
            String path = "rules[" + index + "]";
            try {
                ApprovalRule rule = RuleReader.read(objects.get(index), object(trees.get(index)));
                RuleCheck.check(rule, rules);
                rules.add(rule);
            } catch (InvalidFieldException wrong) {
                problem(wrong.field(), String.valueOf(wrong.getMessage()));
            } catch (InvalidRuleException wrong) {
                problem(path + "." + wrong.field(), String.valueOf(wrong.getMessage()));
            }
        }
        return rules;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> object(@Nullable Object tree) {
        return tree instanceof Map ? (Map<String, @Nullable Object>) tree : Map.of();
    }

    private void problem(String field, String message) {
        if (places == null) {
            places = JsonPlaces.of(json);
        }
        JsonPlaces.Place place = places.of(json, field);
        String text = message.replace('\n', ' ');
        String shown = text.startsWith(field + " ") ? text.substring(field.length() + 1) : text;
        problems.add(new FileProblem(name, place.line(), place.column(), field, shown));
    }

    private FileProblem syntax(JsonException noJson) {
        String message = String.valueOf(noJson.getMessage());
        Matcher place = PLACE.matcher(message);
        if (!place.find()) {
            return FileProblem.ofFile(name, message);
        }
        JsonPlaces.Place at = JsonPlaces.placeOf(json, Integer.parseInt(place.group(1)));
        return new FileProblem(name, at.line(), at.column(), "", message);
    }
}
