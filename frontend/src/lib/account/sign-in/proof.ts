/** What somebody types to prove again that the account is theirs. */
export type Typed = { password: string; code: string; recovering: boolean };

/** Nothing typed yet. */
export const untyped = (): Typed => ({ password: '', code: '', recovering: false });

/** The second factor as it goes out; empty where it was not asked for. */
export function second({ code, recovering }: Typed): { code?: string; recovery_code?: string } {
  if (!code.trim()) return {};
  return recovering ? { recovery_code: code.trim() } : { code };
}
