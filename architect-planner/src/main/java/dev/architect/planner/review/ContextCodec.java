package dev.architect.planner.review;

import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.planner.approval.Context;
import dev.architect.planner.approval.path.LinkReader;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The JSON form of the context of a recorded decision. Links are not kept: they are looked up when it is read. Thread safe: it has no state. */
final class ContextCodec {

    private ContextCodec() {}

    static String write(Context context) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("folder", context.folder());
        fields.put("environment", new TreeMap<>(context.environment()));
        context.project().ifPresent(value -> fields.put("project", value));
        context.requester().ifPresent(value -> fields.put("requester", value));
        context.run().ifPresent(value -> fields.put("run", value));
        context.branch().ifPresent(value -> fields.put("branch", value));
        fields.put(
                "labels",
                context.labels().stream().sorted().map(JsonFields::wordOf).toList());
        fields.put(
                "trustedPrograms", context.trustedPrograms().stream().sorted().toList());
        return JsonText.write(fields);
    }

    static Context read(String json, Instant time, LinkReader links) {
        JsonFields fields = JsonFields.parse(json);
        return Context.builder(fields.requiredText("folder"), time)
                .environment(fields.textsByName("environment"))
                .links(links)
                .project(fields.text("project").orElse(null))
                .requester(fields.text("requester").orElse(null))
                .run(fields.text("run").orElse(null))
                .branch(fields.text("branch").orElse(null))
                .labels(Set.copyOf(fields.constants("labels", Context.Label.class)))
                .trustedPrograms(Set.copyOf(fields.texts("trustedPrograms")))
                .build();
    }
}
