namespace PrivateInference.CommandLine.Output;

/// <summary>One reason why a command failed.</summary>
/// <param name="Code">A stable identifier: <c>OM2001</c>.</param>
/// <param name="Text">What is wrong, on one line.</param>
internal sealed record Finding(string Code, string Text)
{
    /// <summary>A failure that has no identifier of its own: a file, an option, the environment.</summary>
    public const string Other = "OM3000";

    /// <summary>The plan sends more online than its budget allows.</summary>
    public const string OnlineBytes = "OM3001";

    /// <summary>The plan takes more rounds online than its budget allows.</summary>
    public const string OnlineRounds = "OM3002";

    /// <summary>The plan decides more signs than its budget allows.</summary>
    public const string Relus = "OM3003";

    /// <summary>The plan is less accurate than its budget demands.</summary>
    public const string Accuracy = "OM3004";

    /// <summary>The plan lost more accuracy than its budget allows.</summary>
    public const string AccuracyDrop = "OM3005";
}
