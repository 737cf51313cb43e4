package dev.architect.view;

import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.project.Actor;
import dev.architect.project.Revision;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The views of one owner as a text. */
final class PageViewCodec {

    private static final String VIEWS = "views";

    private PageViewCodec() {}

    static String write(List<PageView> views) {
        return JsonText.write(
                Map.of(VIEWS, views.stream().map(PageViewCodec::fields).toList()));
    }

    private static Map<String, Object> fields(PageView view) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", view.id());
        fields.put("page", view.page());
        fields.put("name", view.draft().name());
        fields.put("query", view.draft().query());
        fields.put("shared", view.draft().isShared());
        // As a text, which holds any number.
        fields.put("version", Long.toString(view.revision().version()));
        fields.put("createdAt", view.revision().createdAt().toString());
        fields.put("createdBy", view.revision().createdBy().toString());
        fields.put("updatedAt", view.revision().updatedAt().toString());
        fields.put("updatedBy", view.revision().updatedBy().toString());
        return fields;
    }

    static List<PageView> read(String text) {
        return JsonFields.parse(text).objects(VIEWS).stream()
                .map(PageViewCodec::view)
                .toList();
    }

    private static PageView view(JsonFields fields) {
        return new PageView(
                fields.requiredText("id"),
                fields.requiredText("page"),
                new PageViewDraft(
                        fields.requiredText("name"), fields.text("query").orElse(""), fields.flag("shared", false)),
                new Revision(
                        Long.parseLong(fields.requiredText("version")),
                        Instant.parse(fields.requiredText("createdAt")),
                        Actor.parse(fields.requiredText("createdBy")),
                        Instant.parse(fields.requiredText("updatedAt")),
                        Actor.parse(fields.requiredText("updatedBy"))));
    }
}
