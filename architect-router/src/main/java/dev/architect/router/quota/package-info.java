/** Limits of the policy: requests and tokens within a time, and calls at the same time, by key, model and tenant, alone or shared with other nodes. */
@NullMarked
package dev.architect.router.quota;

import org.jspecify.annotations.NullMarked;
