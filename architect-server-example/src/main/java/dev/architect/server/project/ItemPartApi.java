package dev.architect.server.project;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonFields;
import dev.architect.project.Actor;
import dev.architect.project.PartId;
import dev.architect.project.PlanningException;
import dev.architect.project.item.Attachment;
import dev.architect.project.item.Comment;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemId;
import dev.architect.project.item.ItemLink;
import dev.architect.project.item.LinkKind;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.EntityTag;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import io.javalin.http.Context;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Links, comments and attachments of items. */
public final class ItemPartApi {

    private static final String LINKS = "/api/items/{id}/links";
    private static final String LINK = LINKS + "/{kind}/{other}";
    private static final String COMMENTS = "/api/items/{id}/comments";
    private static final String COMMENT = "/api/comments/{id}";
    private static final String ATTACHMENTS = "/api/items/{id}/attachments";
    private static final String ATTACHMENT = "/api/attachments/{id}";

    private static final Schema LINK_FORM = Schema.object()
            .required(List.of("from", "to"), Schema.text())
            .required("kind", Schema.words(LinkKind.class))
            .optional("key", Schema.text())
            .optional("title", Schema.text())
            .open()
            .named("ItemLink");

    private final Architect architect;

    /** Creates the resources. */
    public ItemPartApi(Architect architect) {
        this.architect = architect;
    }

    /** Their operations. */
    public List<Operation> operations() {
        Permission read = Permission.read(ProjectRequest.AREA);
        Permission write = Permission.write(ProjectRequest.AREA);
        return List.of(
                ProjectRequest.reading(Operation.get("listLinks", LINKS, read, ProjectRequest.handler(this::links)))
                        .summary(
                                "Lists the relations of an item, its parent and its parts included, with key and title of the other item.")
                        .answer(200, "Links.", ProjectJson.all(LINK_FORM)),
                ProjectRequest.writing(Operation.put("addLink", LINK, write, ProjectRequest.handler(this::addLink)))
                        .summary(
                                "Relates an item to another one: blocks it, relates to it, duplicates it or is part of it.")
                        .path("kind", Schema.words(LinkKind.class), "What the relation means.")
                        .path("other", Schema.text(), "The key or id of the other item.")
                        .answer(200, "The link.", LINK_FORM),
                ProjectRequest.writing(
                                Operation.delete("removeLink", LINK, write, ProjectRequest.handler(this::removeLink)))
                        .summary("Removes a relation.")
                        .path("kind", Schema.words(LinkKind.class), "What the relation means.")
                        .path("other", Schema.text(), "The key or id of the other item.")
                        .answer(204, "It is gone."),
                ProjectRequest.reading(Operation.get(
                                "listComments",
                                COMMENTS,
                                read,
                                ProjectRequest.handler(request -> ProjectRequest.answer(
                                        request,
                                        architect
                                                .projects()
                                                .comments()
                                                .of(item(request).id())))))
                        .summary("Lists the comments on an item, oldest first.")
                        .answer(200, "Comments.", ProjectJson.all(ProjectJson.COMMENT)),
                ProjectRequest.writing(
                                Operation.post("addComment", COMMENTS, write, ProjectRequest.handler(this::addComment)))
                        .summary("Comments on an item, or answers a comment.")
                        .body(Schema.object()
                                .required("body", Schema.text(1, 20_000))
                                .optional("parent", Schema.text())
                                .closed())
                        .creating()
                        .answer(201, "The comment.", ProjectJson.COMMENT),
                ProjectRequest.writing(Operation.patch(
                                "updateComment", COMMENT, write, ProjectRequest.handler(this::updateComment)))
                        .summary("Changes the text of one's own comment; the text before is kept.")
                        .ifMatch()
                        .body(Schema.object()
                                .required("body", Schema.text(1, 20_000))
                                .closed())
                        .answer(200, "The comment.", ProjectJson.COMMENT),
                ProjectRequest.writing(Operation.delete(
                                "deleteComment", COMMENT, write, ProjectRequest.handler(request -> {
                                    long version = EntityTag.required(request);
                                    architect
                                            .projects()
                                            .comments()
                                            .delete(
                                                    ProjectRequest.id(request, PartId::parse),
                                                    version,
                                                    ProjectRequest.actor(request));
                                    request.status(204);
                                })))
                        .summary("Deletes a comment with its answers.")
                        .ifMatch()
                        .answer(204, "It is gone."),
                ProjectRequest.writing(Operation.post(
                                "resolveComment",
                                COMMENT + "/resolve",
                                write,
                                ProjectRequest.handler(this::resolveComment)))
                        .summary("Settles a comment, or opens it again.")
                        .optionalBody(Schema.object()
                                .optional("resolved", Schema.truth())
                                .closed())
                        .answer(200, "The comment.", ProjectJson.COMMENT),
                ProjectRequest.reading(Operation.get(
                                "listAttachments",
                                ATTACHMENTS,
                                read,
                                ProjectRequest.handler(request -> ProjectRequest.answer(
                                        request,
                                        architect
                                                .projects()
                                                .attachments()
                                                .of(item(request).id())))))
                        .summary("Lists the files of an item, oldest first.")
                        .answer(200, "Attachments.", ProjectJson.all(ProjectJson.ATTACHMENT)),
                ProjectRequest.writing(Operation.post(
                                "addAttachment", ATTACHMENTS, write, ProjectRequest.handler(this::addAttachment)))
                        .summary("Adds a file to an item; what it is decide its first bytes.")
                        .body(Schema.object()
                                .required("name", Schema.text(1, 200))
                                .optional("type", Schema.text())
                                .required("content", Schema.text())
                                .closed())
                        .creating()
                        .answer(201, "The attachment.", ProjectJson.ATTACHMENT),
                ProjectRequest.reading(
                                Operation.get("getAttachment", ATTACHMENT, read, ProjectRequest.handler(this::content)))
                        .summary("Downloads a file.")
                        .answer(200, "Its content.", "application/octet-stream"),
                ProjectRequest.writing(Operation.delete(
                                "deleteAttachment", ATTACHMENT, write, ProjectRequest.handler(request -> {
                                    architect
                                            .projects()
                                            .attachments()
                                            .delete(
                                                    ProjectRequest.id(request, PartId::parse),
                                                    ProjectRequest.actor(request));
                                    request.status(204);
                                })))
                        .summary("Deletes a file.")
                        .answer(204, "It is gone."));
    }

    private Item item(Context request) {
        return ProjectRequest.item(architect, request.pathParam("id"));
    }

    private static ObjectNode json(ItemLink link) {
        return JsonResponseWriter.object()
                .put("from", link.from().toString())
                .put("kind", JsonFields.wordOf(link.kind()))
                .put("to", link.to().toString());
    }

    private void links(Context request) {
        ItemId id = item(request).id();
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode list = answer.putArray("items");
        for (ItemLink link : architect.projects().links().of(id)) {
            ObjectNode each = json(link);
            other(link.from().equals(id) ? link.to() : link.from())
                    .filter(other -> AccessFilter.principal(request).sees(other.project()))
                    .ifPresent(other -> each.put("key", other.key().toString())
                            .put("title", other.draft().title()));
            list.add(each);
        }
        JsonResponseWriter.write(request, answer);
    }

    /** The item at the other end of a link, empty when it is gone. */
    private Optional<Item> other(ItemId id) {
        try {
            return Optional.of(architect.projects().items().get(id));
        } catch (PlanningException gone) {
            return Optional.empty();
        }
    }

    private ItemLink link(Context request) {
        Item from = item(request);
        String word = request.pathParam("kind");
        LinkKind kind = Arrays.stream(LinkKind.values())
                .filter(each -> JsonFields.wordOf(each).equals(word))
                .findFirst()
                .orElseThrow(() -> ApiException.notFound("there is no such kind of link, expected one of "
                        + Arrays.stream(LinkKind.values())
                                .map(JsonFields::wordOf)
                                .toList()));
        Item to = ProjectRequest.item(architect, request.pathParam("other"));
        if (from.id().equals(to.id())) {
            throw ApiException.invalidParameter("other", "other is the item itself, expected another one");
        }
        return new ItemLink(from.id(), to.id(), kind);
    }

    private void addLink(Context request) {
        JsonResponseWriter.write(
                request, json(architect.projects().links().add(link(request), ProjectRequest.actor(request))));
    }

    private void removeLink(Context request) {
        if (!architect.projects().links().remove(link(request), ProjectRequest.actor(request))) {
            throw ApiException.notFound("there is no such link, expected one");
        }
        request.status(204);
    }

    private void addComment(Context request) {
        Item item = item(request);
        JsonFields fields = ProjectRequest.body(request, Set.of("body", "parent"));
        Optional<PartId> parent = fields.text("parent").map(text -> {
            try {
                return PartId.parse(text);
            } catch (IllegalArgumentException wrong) {
                throw fields.invalid("parent", "'" + JsonFields.shorten(text) + "'", "the id of a comment");
            }
        });
        String text = text(fields);
        Actor actor = ProjectRequest.actor(request);
        ProjectRequest.create(
                request, Comment.class, () -> architect.projects().comments().add(item.id(), parent, text, actor));
    }

    private static String text(JsonFields fields) {
        String body = fields.requiredText("body");
        if (body.isBlank() || body.length() > 20_000) {
            throw fields.invalid("body", "a text of " + body.strip().length() + " characters", "1..20000");
        }
        return body;
    }

    private void updateComment(Context request) {
        long version = EntityTag.required(request);
        String body = text(ProjectRequest.body(request, Set.of("body")));
        ProjectRequest.answer(
                request,
                200,
                architect
                        .projects()
                        .comments()
                        .edit(ProjectRequest.id(request, PartId::parse), version, body, ProjectRequest.actor(request)));
    }

    private void resolveComment(Context request) {
        boolean isResolved = JsonBodyReader.readOptional(request)
                .map(body -> ProjectRequest.fields(body, Set.of("resolved")).flag("resolved", true))
                .orElse(true);
        ProjectRequest.answer(
                request,
                200,
                architect
                        .projects()
                        .comments()
                        .resolve(ProjectRequest.id(request, PartId::parse), isResolved, ProjectRequest.actor(request)));
    }

    private void addAttachment(Context request) {
        Item item = item(request);
        JsonFields fields = ProjectRequest.body(request, Set.of("name", "type", "content"));
        String name = fields.requiredText("name");
        String type = fields.text("type").orElse("");
        byte[] content;
        try {
            content = Base64.getDecoder().decode(fields.requiredText("content"));
        } catch (IllegalArgumentException wrong) {
            throw fields.has("content")
                    ? ApiException.invalidValue(
                            "content", "content is not base 64, expected the bytes of the file as that")
                    : fields.missing("content", "the bytes of the file in base 64");
        }
        Actor actor = ProjectRequest.actor(request);
        try {
            ProjectRequest.create(
                    request,
                    Attachment.class,
                    () -> architect.projects().attachments().add(item.id(), name, type, content, actor));
        } catch (PlanningException | InvalidFieldException named) {
            throw named;
        } catch (IllegalArgumentException wrong) {
            throw ApiException.invalidValue("name", String.valueOf(wrong.getMessage()));
        }
    }

    private void content(Context request) {
        Attachment attachment = architect.projects().attachments().get(ProjectRequest.id(request, PartId::parse));
        String name =
                URLEncoder.encode(attachment.name(), StandardCharsets.UTF_8).replace("+", "%20");
        // As a download and as bytes alone, so that no browser shows or runs it.
        request.header("Content-Disposition", "attachment; filename*=UTF-8''" + name)
                .header("X-Content-Type-Options", "nosniff")
                .contentType("application/octet-stream")
                .result(architect.projects().attachments().content(attachment));
    }
}
