/** What the dialects of the gateway share: requests, answers and failures in no vendor's form. */
@NullMarked
package dev.architect.server.gateway.dialect;

import org.jspecify.annotations.NullMarked;
