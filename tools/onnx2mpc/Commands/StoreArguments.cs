using System.CommandLine;
using PrivateInference.Runtime.Preprocessing;

namespace PrivateInference.CommandLine.Commands;

/// <summary>Where a party keeps inferences that were prepared ahead: the same for <c>serve</c>, <c>infer</c> and <c>preprocess</c>.</summary>
internal sealed class StoreArguments
{
    private readonly Option<string?> _store;
    private readonly Option<string?> _key = new("--store-key")
    {
        Description = $"The key that the store is encrypted with; made when missing. Not on the store's disk, best. Default: {StoreKey.DefaultPath}.",
        HelpName = "FILE",
    };

    /// <param name="description">What the store is for.</param>
    /// <param name="required">Whether there must be one.</param>
    public StoreArguments(string description, bool required = false)
        => _store = new Option<string?>("--store") { Description = description, HelpName = "DIR", Required = required };

    public void AddTo(Command command)
    {
        command.Add(_store);
        command.Add(_key);
    }

    /// <summary>Opens the store; null where the user wants none.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="limits">Its limits; null for the defaults.</param>
    /// <param name="warn">Told when the key lies with what it protects.</param>
    /// <exception cref="UsageException">There is a key and no store.</exception>
    public PreprocessingStore? Open(ParseResult parsed, StoreLimits? limits, Action<string> warn)
    {
        string? key = parsed.GetValue(_key);
        if (parsed.GetValue(_store) is not { } folder)
            return key is null ? null : throw new UsageException("--store-key goes with --store.");
        key ??= StoreKey.DefaultPath;
        if (IsInside(key, folder))
            warn($"Warning: the key {key} lies in the store that it protects; who copies the one has the other. Keep it elsewhere (--store-key FILE).");
        return PreprocessingStore.Open(folder, StoreKey.LoadOrCreate(key), limits);
    }

    private static bool IsInside(string file, string folder)
        => Path.GetFullPath(file).StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
