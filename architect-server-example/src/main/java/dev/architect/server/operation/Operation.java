package dev.architect.server.operation;

import dev.architect.creation.CreationKey;
import dev.architect.server.operation.Parameter.Place;
import dev.architect.server.rest.Creations;
import dev.architect.server.rest.EntityTag;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Something that a client may ask of the server: a method and a path, who may, what is sent and answered. Every other path requires the
 * token, and is not found. Immutable; methods return changed copies.
 */
public final class Operation {

    private final String id;
    private final HandlerType method;
    private final String path;
    private final Permission permission;
    private final Handler handler;
    private String summary = "";
    private final List<Parameter> parameters = new ArrayList<>();
    private Optional<Schema> body = Optional.empty();
    private boolean needsBody;
    private boolean isCreating;
    private final SortedMap<Integer, Answer> answers = new TreeMap<>();
    private final SortedMap<Integer, Set<String>> problems = new TreeMap<>();
    private Optional<Schema> ownErrors = Optional.empty();

    private Operation(String id, HandlerType method, String path, @Nullable Permission permission, Handler handler) {
        if (permission == null) {
            throw new IllegalArgumentException(
                    "permission of " + id + " is null, expected what its caller must be allowed");
        }
        this.id = id;
        this.method = method;
        this.path = path;
        this.permission = permission;
        this.handler = handler;
    }

    private Operation(Operation other) {
        this(other.id, other.method, other.path, other.permission, other.handler);
        copyDescription(other);
    }

    private void copyDescription(Operation other) {
        this.summary = other.summary;
        this.parameters.addAll(other.parameters);
        this.body = other.body;
        this.needsBody = other.needsBody;
        this.isCreating = other.isCreating;
        this.answers.putAll(other.answers);
        this.problems.putAll(other.problems);
        this.ownErrors = other.ownErrors;
    }

    /**
     * Returns an operation that answers {@code GET}.
     *
     * @param id its name: a verb and what it is about, such as {@code listTasks}
     * @param path its path, with names in braces
     * @param permission what its caller must be allowed
     * @param handler writes the answer
     */
    public static Operation get(String id, String path, Permission permission, Handler handler) {
        return new Operation(id, HandlerType.GET, path, permission, handler);
    }

    /** As {@link #get}, for {@code POST}. */
    public static Operation post(String id, String path, Permission permission, Handler handler) {
        return new Operation(id, HandlerType.POST, path, permission, handler);
    }

    /** As {@link #get}, for {@code PATCH}: the body names only what changes (RFC 7396). */
    public static Operation patch(String id, String path, Permission permission, Handler handler) {
        return new Operation(id, HandlerType.PATCH, path, permission, handler);
    }

    /** As {@link #get}, for {@code PUT}. */
    public static Operation put(String id, String path, Permission permission, Handler handler) {
        return new Operation(id, HandlerType.PUT, path, permission, handler);
    }

    /** As {@link #get}, for {@code DELETE}. */
    public static Operation delete(String id, String path, Permission permission, Handler handler) {
        return new Operation(id, HandlerType.DELETE, path, permission, handler);
    }

    /** Says in one sentence what it does. */
    public Operation summary(String sentence) {
        Operation copy = new Operation(this);
        copy.summary = sentence;
        return copy;
    }

    /** Describes a name of the path; one that is not described is a text. */
    public Operation path(String name, Schema schema, String description) {
        return with(new Parameter(name, Place.PATH, schema, description));
    }

    /** Adds a parameter of the query. */
    public Operation query(String name, Schema schema, String description) {
        return with(new Parameter(name, Place.QUERY, schema, description));
    }

    /** Adds parameters of the query. */
    public Operation query(List<Parameter> several) {
        Operation copy = new Operation(this);
        copy.parameters.addAll(several);
        return copy;
    }

    /** Adds a field of the header. */
    public Operation header(String name, Schema schema, String description) {
        return with(new Parameter(name, Place.HEADER, schema, description));
    }

    /** Takes changes only of the version that the client has seen ({@link EntityTag}). */
    public Operation ifMatch() {
        return header(
                        EntityTag.IF_MATCH,
                        Schema.text(),
                        "The ETag of the thing as it was read; a change of another version is refused.")
                .refuses(412, "stale-version")
                .refuses(428, "precondition-needed");
    }

    /** Creates something, once for each key that a client sends ({@link Creations}). */
    public Operation creating() {
        Operation copy = header(
                        Creations.HEADER,
                        Schema.text(1, CreationKey.MAX_CHARACTERS),
                        "Names the creation: within a day, repeating it creates nothing more and is answered as the first one.")
                .refuses(400, "invalid-idempotency-key")
                .refuses(409, "in-progress")
                .refuses(422, "key-reused");
        copy.isCreating = true;
        return copy;
    }

    /** Returns a copy with another handler. */
    public Operation handledBy(Handler another) {
        Operation copy = new Operation(id, method, path, permission, another);
        copy.copyDescription(this);
        return copy;
    }

    private Operation with(Parameter parameter) {
        return query(List.of(parameter));
    }

    /** Sets the form of the body, which must be sent. */
    public Operation body(Schema form) {
        Operation copy = new Operation(this);
        copy.body = Optional.of(form);
        copy.needsBody = true;
        return copy;
    }

    /** Sets the form of the body, which may be absent. */
    public Operation optionalBody(Schema form) {
        Operation copy = body(form);
        copy.needsBody = false;
        return copy;
    }

    /** Adds an answer in JSON. */
    public Operation answer(int status, String when, Schema schema) {
        return with(status, Answer.json(when, schema));
    }

    /** Adds an answer in another form than JSON. */
    public Operation answer(int status, String when, String type) {
        return with(status, Answer.of(when, type));
    }

    /** Adds an answer without a body. */
    public Operation answer(int status, String when) {
        return with(status, Answer.empty(when));
    }

    private Operation with(int status, Answer answer) {
        Operation copy = new Operation(this);
        copy.answers.put(status, answer);
        return copy;
    }

    /** Adds codes of refusals with this status, beyond those that every operation has. */
    public Operation refuses(int status, String... codes) {
        Operation copy = new Operation(this);
        Set<String> all = new TreeSet<>(copy.problems.getOrDefault(status, Set.of()));
        all.addAll(List.of(codes));
        copy.problems.put(status, Collections.unmodifiableSet(all));
        return copy;
    }

    /** Sets the form of its refusals and failures, where it is not that of all others: its clients know another one. */
    public Operation errors(Schema form) {
        Operation copy = new Operation(this);
        copy.ownErrors = Optional.of(form);
        return copy;
    }

    /** The form of its refusals and failures; empty for problem details. */
    public Optional<Schema> ownErrors() {
        return ownErrors;
    }

    /** The name, unique among all: a verb and what it is about. */
    public String id() {
        return id;
    }

    /** The method. */
    public HandlerType method() {
        return method;
    }

    /** The path, with names in braces. */
    public String path() {
        return path;
    }

    /** What its caller must be allowed. */
    public Permission permission() {
        return permission;
    }

    /** Writes the answer. */
    public Handler handler() {
        return handler;
    }

    /** Whether it creates something, once for each key. */
    public boolean isCreating() {
        return isCreating;
    }

    /** What it does, in one sentence. */
    public String summary() {
        return summary;
    }

    /** Everything that a request holds beside its body, the names of the path included. */
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>();
        for (String name : namesIn(path)) {
            boolean isDescribed = parameters.stream()
                    .anyMatch(each -> each.place() == Place.PATH && each.name().equals(name));
            if (!isDescribed) {
                all.add(new Parameter(name, Place.PATH, Schema.text(), "Which one."));
            }
        }
        all.addAll(parameters);
        return List.copyOf(all);
    }

    /** The form of the body; empty when there is none. */
    public Optional<Schema> body() {
        return body;
    }

    /** Whether a request without a body is refused. */
    public boolean needsBody() {
        return needsBody;
    }

    /** What it answers, by status. */
    public SortedMap<Integer, Answer> answers() {
        return Collections.unmodifiableSortedMap(answers);
    }

    /** The codes of its refusals by status, with those that follow from what it takes. */
    public SortedMap<Integer, Set<String>> problems() {
        SortedMap<Integer, Set<String>> all = new TreeMap<>(problems);
        if (ownErrors.isPresent()) {
            return all;
        }
        if (parameters.stream().anyMatch(each -> each.place() != Place.PATH) || body.isPresent()) {
            add(all, 400, "invalid-value", "unknown-field");
        }
        if (body.isPresent()) {
            add(all, 400, "invalid-json");
            add(all, 413, "body-too-large");
            add(all, 415, "unsupported-media-type");
        }
        if (permission.access() != Permission.Access.PUBLIC) {
            add(all, 401, "unauthorized");
        }
        add(all, 403, "forbidden");
        return all;
    }

    private static void add(SortedMap<Integer, Set<String>> all, int status, String... codes) {
        Set<String> merged = new TreeSet<>(all.getOrDefault(status, Set.of()));
        merged.addAll(List.of(codes));
        all.put(status, merged);
    }

    /** Under what name the use of it is recorded: the area and the verb, such as {@code tasks.cancel}. */
    public String auditName() {
        int end = 0;
        while (end < id.length() && Character.isLowerCase(id.charAt(end))) {
            end++;
        }
        String verb = id.substring(0, end).toLowerCase(Locale.ROOT);
        boolean hasArea = permission.name().contains(":") && !permission.area().equals("self");
        // Where the permission is about nobody's area, the name says what it is about.
        return hasArea || end == id.length()
                ? permission.area() + "." + verb
                : id.substring(end).toLowerCase(Locale.ROOT) + "." + verb;
    }

    /** The names in braces. */
    static List<String> namesIn(String path) {
        List<String> names = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            if (part.startsWith("{")) {
                names.add(part.substring(1, part.length() - 1));
            }
        }
        return names;
    }

    @Override
    public String toString() {
        return id + " (" + method + " " + path + ")";
    }
}
