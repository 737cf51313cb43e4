package dev.architect.server.operation;

import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.ProblemDetails;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;

/** A page for each kind of error, which explains it: what the {@code type} of a problem leads to. */
public final class ProblemPages {

    private static final Map<String, String> EXPLANATIONS = Map.ofEntries(
            Map.entry("invalid-json", "The body is not JSON in UTF-8, or not an object. The place is named."),
            Map.entry(
                    "invalid-value",
                    "A field, a parameter or a header has a value that it cannot have. It is named, with what was expected."),
            Map.entry("unknown-field", "A field or a parameter is not known here. The nearest known name is proposed."),
            Map.entry(
                    "unknown-filter",
                    "A filter names what there is not, or what no index finds. The place and the nearest field are named."),
            Map.entry(
                    "cursor-mismatch",
                    "The cursor is from a list with another filter. Send it with the parameters of its page, or begin at the first one."),
            Map.entry("bad-request", "The request is not valid HTTP."),
            Map.entry("unauthorized", "There is neither the access token nor a login, or it is wrong."),
            Map.entry("wrong-token", "The token at the login is wrong."),
            Map.entry("wrong-code", "The link to log in with was used before, or is more than ten minutes old."),
            Map.entry(
                    "too-many-tries",
                    "There were too many wrong tokens from this address. Try again after the stated time."),
            Map.entry(
                    "forbidden",
                    "The request comes from a host or a site that may not make it, or its caller may not do this."),
            Map.entry(
                    "not-ready",
                    "The store is not read and written, so that requests should go to another node. Try again."),
            Map.entry("no-snapshot", "The state of the pages is not there yet. Try again."),
            Map.entry("not-found", "There is no such thing, or the caller may not see it."),
            Map.entry(
                    "method-not-allowed",
                    "This path does not take that method. The header Allow names those that it takes."),
            Map.entry(
                    "setup-needed",
                    "The server has no user yet. Whoever started it opens /setup in a browser and shows its token there."),
            Map.entry("set-up-done", "The server has a user already. Log in instead."),
            Map.entry("wrong-login", "The name or the password is wrong."),
            Map.entry(
                    "second-factor-needed",
                    "The password is right, and the user has an authenticator app. Send its code as well: to /api/login/second with the ticket of the answer, or with the password at /api/reauthenticate. A passkey of the user takes its place at /api/login/passkey, with the same ticket."),
            Map.entry(
                    "wrong-second-factor",
                    "The code is not the one that the app shows now, or was used before. Each code and each recovery code is taken once."),
            Map.entry(
                    "login-ended",
                    "The login was not finished in time, or changed meanwhile. Begin again with the password."),
            Map.entry("second-factor-set", "The user has an authenticator app already. Remove it first."),
            Map.entry("no-second-factor", "No authenticator app was begun to be set up. Begin first."),
            Map.entry(
                    "wrong-passkey",
                    "The passkey is not known here, or what it has signed is not what it was asked to sign, or it was asked more than five minutes ago. Each answer is taken once. Begin again."),
            Map.entry(
                    "password-needed",
                    "The passkey has not verified who holds it, by a PIN or a fingerprint. It takes the place of the code after the password, and not of both."),
            Map.entry("passkey-known", "The passkey was added before, by this user or another one."),
            Map.entry(
                    "passkeys-unavailable",
                    "Browsers use passkeys on pages with TLS and a name, and on http://localhost. Open this server under such an address."),
            Map.entry("too-many-logins", "Too many logins have failed. Try again after the stated time."),
            Map.entry("no-login", "This is for logins of browsers; the caller has shown a token."),
            Map.entry(
                    "fresh-login-needed",
                    "What gives rights away needs a password, or a passkey, that was shown in the last ten minutes. Show it again."),
            Map.entry("last-admin", "Somebody has to stay who can administer the server."),
            Map.entry("busy", "The server has too much of this to do at the moment. Try again."),
            Map.entry("already-ended", "The task has ended already."),
            Map.entry(
                    "wrong-state",
                    "What was asked is not possible in the state that the thing is in. The state is named."),
            Map.entry("unique-key-taken", "Another task that has not ended has this unique key."),
            Map.entry("invalid-idempotency-key", "An idempotency key has 1 to 255 visible ASCII characters."),
            Map.entry("in-progress", "The same request is being answered. Send it again in a second for its answer."),
            Map.entry("key-reused", "The idempotency key was used for another request within a day."),
            Map.entry(
                    "expected-count-differs",
                    "As many tasks pass the filter as the caller did not expect. Nothing was changed; look at them again."),
            Map.entry("too-many-jobs", "A hundred jobs have not ended. Stop one, or try again later."),
            Map.entry("queue-full", "As many tasks wait in this queue as may. Try again after the stated time."),
            Map.entry(
                    "queue-draining",
                    "This queue is being drained: what it has is worked off, and it takes no task until it is resumed."),
            Map.entry("not-editable", "The task runs or has ended. Only one that waits can be changed."),
            Map.entry(
                    "own-work",
                    "Who has asked for something, or on whose behalf it was asked, cannot decide about it."),
            Map.entry("already-decided", "The review was decided or has ended. The answer holds it as it is now."),
            Map.entry("delegated", "The review was given to somebody else, who is to decide."),
            Map.entry(
                    "too-late",
                    "The decision cannot be taken back any more: its time is over, or something has started."),
            Map.entry("denied-by-rule", "A rule denies this action, and no approval changes that."),
            Map.entry("not-tried", "A rule that allows comes into force after a dry run of this version of it."),
            Map.entry(
                    "stale-version",
                    "The thing was changed after it was read. The answer holds it as it is now, and what has changed."),
            Map.entry(
                    "precondition-needed",
                    "A change must state the version that it was made from: the ETag of the thing, in If-Match."),
            Map.entry(
                    "price-source-failed",
                    "The source of prices that the host has set did not answer. The prices stay as they are."),
            Map.entry("name-taken", "Something else has this name, prefix or place. Choose another one."),
            Map.entry(
                    "not-possible",
                    "The thing is in a state in which this cannot be done, or something is missing for it. The detail says what."),
            Map.entry("project-closed", "The project is archived or paused. Restore it or let it go on first."),
            Map.entry("too-many", "There would be more of these than there may be."),
            Map.entry(
                    "wip-limit",
                    "The column has as many cards as it may have. A person may confirm one more; a program may not."),
            Map.entry(
                    "cycle",
                    "Relations of items, or tasks that wait for each other, would go in a circle. The detail has the way."),
            Map.entry("too-deep", "Items would stand in one another deeper than they may."),
            Map.entry("other-project", "Two items are of different projects, where both must be of one."),
            Map.entry("body-too-large", "The body has more bytes than may be sent here."),
            Map.entry("unsupported-media-type", "The body is of a type or encoding that is not taken here."),
            Map.entry("upgrade-required", "This path takes WebSockets only."),
            Map.entry("too-slow", "The request took too long to arrive."),
            Map.entry("refused", "The request was refused. The detail names the reason."),
            Map.entry("failed", "The server could not do what was asked. The detail names the reason."),
            Map.entry("internal", "The server failed; its log names the place."),
            Map.entry("store-busy", "The store is busy; nothing of the request was kept. Try again."),
            Map.entry("store-full", "The store has no room left; nothing of the request was kept."),
            Map.entry("store-closed", "The server is stopping."),
            Map.entry("store-outcome-unknown", "It is unknown whether the request was kept. Read to find out."),
            Map.entry("store-inaccessible", "The store cannot be reached; the server's log names the reason."),
            Map.entry("store-corrupt", "The store is damaged; the server's log names the reason."),
            Map.entry("store-too-new", "The store was written by a newer version."),
            Map.entry("store-failed", "The store failed; the server's log names the reason."));

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%1$s</title>
            <link rel="stylesheet" href="/page/base.css">
            </head>
            <body>
            <main>
            <h1>%1$s</h1>
            <p><code>%2$s</code></p>
            <p>%3$s</p>
            </main>
            </body>
            </html>
            """;

    private ProblemPages() {}

    /** Its operations. */
    public static List<Operation> operations() {
        return List.of(
                Operation.get("getProblem", ProblemDetails.PATH + "{code}", Permission.PUBLIC, ProblemPages::show)
                        .summary("Explains a kind of error.")
                        .path("code", Schema.text(), "The code of a problem.")
                        .answer(200, "The explanation, a page.", "text/html")
                        .refuses(404, "not-found"));
    }

    private static void show(Context request) {
        String code = request.pathParam("code");
        String explanation = EXPLANATIONS.get(code);
        if (explanation == null) {
            throw ApiException.notFound("there is no error with this code, expected the code of a problem");
        }
        request.contentType("text/html; charset=utf-8")
                .result(PAGE.formatted(ProblemDetails.title(code), code, explanation));
    }
}
