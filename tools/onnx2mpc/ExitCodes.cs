namespace PrivateInference.CommandLine;

/// <summary>The exit codes of every command; scripts depend on them.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The model cannot be compiled; every reason is listed.</summary>
    public const int NotSupported = 3;

    /// <summary>A file is missing, damaged or does not fit.</summary>
    public const int BadFile = 4;

    /// <summary>The peer or the network failed.</summary>
    public const int PeerFailure = 5;

    /// <summary>A check failed: accuracy, audit or budget.</summary>
    public const int CheckFailed = 6;

    /// <summary>Interrupted (128 + SIGINT, as shells report it).</summary>
    public const int Interrupted = 130;
}
