package dev.architect.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailureKindTest {

    @Test
    void everyStatusHasAMeaning() {
        assertThat(FailureKind.ofHttpStatus(302)).isEqualTo(FailureKind.PROTOCOL);
        assertThat(FailureKind.ofHttpStatus(400)).isEqualTo(FailureKind.INVALID_REQUEST);
        assertThat(FailureKind.ofHttpStatus(401)).isEqualTo(FailureKind.AUTHENTICATION);
        assertThat(FailureKind.ofHttpStatus(402)).isEqualTo(FailureKind.QUOTA_EXHAUSTED);
        assertThat(FailureKind.ofHttpStatus(403)).isEqualTo(FailureKind.AUTHENTICATION);
        assertThat(FailureKind.ofHttpStatus(404)).isEqualTo(FailureKind.INVALID_REQUEST);
        assertThat(FailureKind.ofHttpStatus(408)).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(FailureKind.ofHttpStatus(409)).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(FailureKind.ofHttpStatus(429)).isEqualTo(FailureKind.RATE_LIMITED);
        assertThat(FailureKind.ofHttpStatus(500)).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(FailureKind.ofHttpStatus(503)).isEqualTo(FailureKind.OVERLOADED);
        assertThat(FailureKind.ofHttpStatus(529)).isEqualTo(FailureKind.OVERLOADED);
    }
}
