namespace PrivateInference.Backends;

/// <summary>By what the powers of polynomials are chosen where no dealer deals them.</summary>
public enum PowerGoal
{
    /// <summary>The shortest predicted online phase, which somebody waits for.</summary>
    Online,

    /// <summary>The shortest predicted offline and online phases together.</summary>
    Total,
}
