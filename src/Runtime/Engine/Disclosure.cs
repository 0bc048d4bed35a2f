using PrivateInference.Runtime.Costs;

namespace PrivateInference.Runtime.Engine;

/// <summary>Something a party learns by taking part in a plan.</summary>
/// <param name="Learner">Who learns it.</param>
/// <param name="Owner">Whose information it is.</param>
/// <param name="Subject">What it is, in a word or two; stable for scripts.</param>
/// <param name="Description">What exactly, for people.</param>
public sealed record Disclosure(Party Learner, Party Owner, string Subject, string Description);
