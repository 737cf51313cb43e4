package dev.architect.server.passkey;

import com.webauthn4j.data.AuthenticationRequest;
import dev.architect.access.Passkey;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.BodyFields;
import java.util.Optional;
import java.util.Set;

/**
 * What a passkey has signed, as it was sent.
 *
 * @param id of the passkey
 * @param userHandle what the authenticator keeps of its user; empty when it told nothing
 * @param signed the rest
 */
record PasskeyAnswer(String id, Optional<byte[]> userHandle, AuthenticationRequest signed) {

    private static final String ID = "id";
    private static final String CLIENT_DATA = "clientDataJSON";
    private static final String AUTHENTICATOR_DATA = "authenticatorData";
    private static final String SIGNATURE = "signature";
    private static final String USER_HANDLE = "userHandle";
    private static final int MAX_CLIENT_DATA = 2_048;
    private static final int MAX_AUTHENTICATOR_DATA = 2_048;
    private static final int MAX_SIGNATURE = 1_024;
    private static final int MAX_USER_HANDLE = 86;

    /** The fields of an answer. */
    static final Set<String> FIELDS = Set.of(ID, CLIENT_DATA, AUTHENTICATOR_DATA, SIGNATURE, USER_HANDLE);

    /** An answer in JSON. */
    static final Schema FORM = Schema.object()
            .required(ID, Schema.text(1, Passkey.MAX_ID))
            .required(CLIENT_DATA, Schema.text(1, MAX_CLIENT_DATA))
            .required(AUTHENTICATOR_DATA, Schema.text(1, MAX_AUTHENTICATOR_DATA))
            .required(SIGNATURE, Schema.text(1, MAX_SIGNATURE))
            .optional(USER_HANDLE, Schema.text(1, MAX_USER_HANDLE))
            .closed();

    /** Reads an answer out of a body that may have other fields as well. */
    static PasskeyAnswer read(BodyFields fields) {
        byte[] id = Base64Url.required(fields, ID, Passkey.MAX_ID);
        byte[] clientData = Base64Url.required(fields, CLIENT_DATA, MAX_CLIENT_DATA);
        byte[] authenticatorData = Base64Url.required(fields, AUTHENTICATOR_DATA, MAX_AUTHENTICATOR_DATA);
        byte[] signature = Base64Url.required(fields, SIGNATURE, MAX_SIGNATURE);
        Optional<byte[]> userHandle = Base64Url.optional(fields, USER_HANDLE, MAX_USER_HANDLE);
        return new PasskeyAnswer(
                Base64Url.encode(id),
                userHandle,
                new AuthenticationRequest(id, authenticatorData, clientData, signature));
    }
}
