namespace PrivateInference.Runtime.Preprocessing;

/// <summary>A file in a store's folder.</summary>
internal readonly record struct StoreEntry(string Name, long Bytes, DateTimeOffset Written);
