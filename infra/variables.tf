# Where

variable "project_id" {
  description = "Project that everything is made in."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is the project's id, such as my-project-123; neither its name nor its number."
  }
}

variable "region" {
  description = "Region of the jobs, the subnetwork and the images, such as europe-west1."
  type        = string
  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region is a region, such as europe-west1; neither a zone nor a multi-region."
  }
}

variable "location" {
  description = "Location of the buckets and the dataset: a region, or a multi-region such as EU. Null: the region. All buckets share it, since copies within one location move no bytes."
  type        = string
  default     = null
}

variable "name" {
  description = "What the names of all resources begin with. The streaming job has this name; call backfills NAME-backfill-…, for alerts and dashboard to find them."
  type        = string
  default     = "xml-to-bigquery"
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "name has 3 to 20 lower-case letters, digits and hyphens, begins with a letter and doesn't end with a hyphen: names of buckets and accounts are made of it."
  }
}

variable "dataset_id" {
  description = "Name of the BigQuery dataset. Null: made of the name."
  type        = string
  default     = null
  validation {
    condition     = var.dataset_id == null || can(regex("^[A-Za-z0-9_]+$", var.dataset_id))
    error_message = "dataset_id has letters, digits and underscores only."
  }
}

variable "labels" {
  description = "Labels of everything that can have some, beside \"application\"."
  type        = map(string)
  default     = {}
}

variable "enable_apis" {
  description = "Switch the APIs on that are needed. False if somebody else does it."
  type        = bool
  default     = true
}

variable "deletion_protection" {
  description = "Let no terraform command delete tables, the dataset with tables in it, or buckets with objects in them. False for environments that come and go."
  type        = bool
  default     = true
}

# Network

variable "network" {
  description = "Name of the network that launcher and workers are in."
  type        = string
}

variable "network_project" {
  description = "Project of the network: the host project of a shared VPC. Null: the project itself."
  type        = string
  default     = null
}

variable "subnetwork" {
  description = "Name of the subnetwork that launcher and workers are in. It needs Private Google Access, since they have no public addresses."
  type        = string
  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", var.subnetwork))
    error_message = "subnetwork is the name alone, such as dataflow; region and project are variables of their own."
  }
}

variable "network_tags" {
  description = "Network tags of launcher and workers, for firewall rules."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for tag in var.network_tags : can(regex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", tag))])
    error_message = "network_tags are lower-case letters, digits and hyphens, begin with a letter and don't end with a hyphen."
  }
}

variable "grant_on_network_and_key" {
  description = "Grant the rights on the shared VPC's subnetwork and on the KMS key. False where other teams own these: the output grants_for_others says what they have to grant."
  type        = bool
  default     = true
}

# Encryption

variable "kms_key" {
  description = "Cloud KMS key that buckets, topics, dataset, images and jobs are encrypted with, as projects/P/locations/REGION/keyRings/R/cryptoKeys/K. Images and jobs are in the region, so the key and all else must be, too. Null: Google's own keys."
  type        = string
  default     = null
  validation {
    condition     = var.kms_key == null || can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", var.kms_key))
    error_message = "kms_key is projects/P/locations/L/keyRings/R/cryptoKeys/K, without a version."
  }
  validation {
    condition     = var.kms_key == null || strcontains(coalesce(var.kms_key, "-"), "/locations/${var.region}/")
    error_message = "kms_key must be in the region."
  }
  validation {
    condition     = var.kms_key == null || lower(coalesce(var.location, var.region)) == var.region
    error_message = "With kms_key, location must be null or the region: a key encrypts in its own location only."
  }
}

# Buckets

variable "delete_input" {
  description = "Let the job delete objects of the input bucket: with --rejectedInput=delete (its default) rejected ones once their copies are in the dead letter, and with --acceptedInput=delete or move:DIR loaded ones. False: it may only read, and needs --rejectedInput=keep."
  type        = bool
  default     = true
}

variable "input_versions_days" {
  description = "Days that overwritten and deleted objects of the input bucket are kept as noncurrent versions, which the job can still read. 0: not at all."
  type        = number
  default     = 0
  validation {
    condition     = var.input_versions_days >= 0 && floor(var.input_versions_days) == var.input_versions_days
    error_message = "input_versions_days is a whole number of days, or 0 for no versions."
  }
}

variable "soft_delete_days" {
  description = "Days in which deleted objects of the input and dead-letter buckets can be restored: 7 to 90, or 0 for not at all. An organization's policy may allow some numbers only (constraints/storage.softDeletePolicySeconds)."
  type        = number
  default     = 7
  validation {
    condition     = var.soft_delete_days == 0 || (var.soft_delete_days >= 7 && var.soft_delete_days <= 90 && floor(var.soft_delete_days) == var.soft_delete_days)
    error_message = "soft_delete_days is a whole number from 7 to 90, or 0: Cloud Storage has no others."
  }
}

variable "staging_soft_delete_days" {
  description = "The same for the staging bucket. The rows of each large file are written there and deleted again, so each day is paid; more than 0 only where an organization's policy asks for it."
  type        = number
  default     = 0
  validation {
    condition     = var.staging_soft_delete_days == 0 || (var.staging_soft_delete_days >= 7 && var.staging_soft_delete_days <= 90 && floor(var.staging_soft_delete_days) == var.staging_soft_delete_days)
    error_message = "staging_soft_delete_days is a whole number from 7 to 90, or 0: Cloud Storage has no others."
  }
}

variable "temp_days" {
  description = "Days after which objects under temp/ of the staging bucket are deleted: what killed jobs leave there. Longer than any job takes for one file, and than any backfill takes."
  type        = number
  default     = 14
  validation {
    condition     = var.temp_days >= 2 && floor(var.temp_days) == var.temp_days
    error_message = "temp_days is a whole number from 2: a running job needs its temporary files."
  }
}

variable "dead_letter_days" {
  description = "Days after which the dead letter is deleted, whether anybody looked at it or not. Null: never."
  type        = number
  default     = null
  validation {
    condition     = var.dead_letter_days == null || try(var.dead_letter_days >= 1 && floor(var.dead_letter_days) == var.dead_letter_days, false)
    error_message = "dead_letter_days is a whole number from 1, or null."
  }
}

# Pub/Sub

variable "object_prefix" {
  description = "Only objects of the input bucket whose names begin so are notified. Empty: all."
  type        = string
  default     = ""
}

variable "message_retention_days" {
  description = "Days that the subscription keeps messages nobody has acknowledged: a job may be down that long."
  type        = number
  default     = 7
  validation {
    condition     = var.message_retention_days >= 1 && var.message_retention_days <= 31
    error_message = "message_retention_days is 1 to 31."
  }
}

variable "deduplication_window_days" {
  description = "Days that the job remembers a file version, so that it isn't loaded again (--deduplicationWindow)."
  type        = number
  default     = 8
  validation {
    condition     = floor(var.deduplication_window_days) == var.deduplication_window_days
    error_message = "deduplication_window_days is a whole number."
  }
  validation {
    condition     = var.deduplication_window_days > var.message_retention_days
    error_message = "deduplication_window_days must be more than message_retention_days, or a file whose message comes late could be loaded twice."
  }
}

variable "dead_letter_topic" {
  description = "Move messages that couldn't be delivered a hundred times to a topic of their own, instead of trying on until they are too old. Dataflow doesn't support it: for reasons of its own it tries good messages again, which count, and the file of one that was moved isn't loaded until somebody tells of it again. With it, set reconcileInterval, and notification_channels for the alert."
  type        = bool
  default     = false
}

# BigQuery

variable "schema_directory" {
  description = "Directory with TABLE.schema.json for each table, as bin/xml-to-bigquery schema writes them. Null: this module's, for the default mapping."
  type        = string
  default     = null
}

variable "clustering" {
  description = "Columns that tables are clustered by, such as {orders = [\"CustomerID\"]}: up to four, the most selective first."
  type        = map(list(string))
  default     = {}
  validation {
    condition     = alltrue([for columns in values(var.clustering) : length(columns) >= 1 && length(columns) <= 4])
    error_message = "clustering has one to four columns for a table."
  }
}

variable "partitioning" {
  description = "How tables are partitioned: by a column, or, without one, by the time of loading; type is HOUR, DAY, MONTH or YEAR. Rows are deleted after expiration_days, if it is given; by a column, rows that are older than that when they are loaded vanish at once. README.md has what old dates may meet."
  type = map(object({
    column          = optional(string)
    type            = optional(string, "DAY")
    expiration_days = optional(number)
  }))
  default = {}
  validation {
    condition     = alltrue([for by in values(var.partitioning) : contains(["HOUR", "DAY", "MONTH", "YEAR"], by.type)])
    error_message = "partitioning has the types HOUR, DAY, MONTH and YEAR."
  }
}

variable "file_loads_days" {
  description = "Days after which rows of file_loads are deleted. Null: never. What isn't there any more can't be told from what was never loaded."
  type        = number
  default     = null
  validation {
    condition     = var.file_loads_days == null || try(var.file_loads_days > var.deduplication_window_days, false)
    error_message = "file_loads_days must be more than deduplication_window_days, or null."
  }
}

# Accounts

variable "composer_service_account" {
  description = "E-mail of the account that your Composer environment runs as; it gets what it needs to launch jobs. Null: an account is made, which an environment can run as."
  type        = string
  default     = null
  validation {
    condition     = var.composer_service_account == null || can(regex("^[^@:]+@[^@]+[.]gserviceaccount[.]com$", var.composer_service_account))
    error_message = "composer_service_account is an account's e-mail address, such as composer@my-project.iam.gserviceaccount.com, without serviceAccount: before it."
  }
}

variable "operators" {
  description = "Who launches jobs by hand and looks after them, as IAM members such as group:operators@example.com. They may act as the worker account, so as it read input and write the dataset, and as Cloud Build's account; as themselves they read input, dead letter and dataset, run queries, and publish notifications."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for member in var.operators : can(regex("^(user|group|serviceAccount|principal|principalSet):.+$", member))])
    error_message = "operators are IAM members, such as user:me@example.com, group:us@example.com or serviceAccount:it@my-project.iam.gserviceaccount.com."
  }
}

variable "uploaders" {
  description = "Who puts new objects into the input bucket, as IAM members. To overwrite one takes the right to delete, and gcloud storage cp looks at the bucket first: they have neither right by this."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for member in var.uploaders : can(regex("^(user|group|serviceAccount|principal|principalSet):.+$", member))])
    error_message = "uploaders are IAM members, such as user:me@example.com, group:us@example.com or serviceAccount:it@my-project.iam.gserviceaccount.com."
  }
}

variable "create_build_service_account" {
  description = "Make an account for Cloud Build, which may push images and write the template. False if images are built elsewhere."
  type        = bool
  default     = true
}

# Jobs

variable "image_tag" {
  description = "Tag of the images and the template that jobs run. A tag is never moved to other images: build with a new one first, then set it here."
  type        = string
  validation {
    condition     = can(regex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$", var.image_tag)) && var.image_tag != "latest"
    error_message = "image_tag names one build, such as 1.0.0, and not \"latest\": a job's workers that start later must run what the first ones run."
  }
}

variable "streaming_job" {
  description = "Run the streaming job. The images and the template must have been built. The parameters are those of the template that this module doesn't set itself. At most max_workers work at once; docs/RUNBOOK.md says how to change that while the job runs. Null: no job."
  type = object({
    parameters            = optional(map(string), {})
    machine_type          = optional(string)
    launcher_machine_type = optional(string)
    max_workers           = optional(number, 10)
  })
  default = null
  validation {
    condition     = try(var.streaming_job.max_workers >= 1 && floor(var.streaming_job.max_workers) == var.streaming_job.max_workers, var.streaming_job == null)
    error_message = "streaming_job.max_workers is a whole number from 1: without one, Dataflow would choose a number of its own for a backlog."
  }
  validation {
    condition = length(setsubtract(try(keys(var.streaming_job.parameters), []), [
      "input", "mapping", "writeMode", "lineage", "onInvalidRecord", "archive", "documents", "reconcileInterval",
      "chunkSizeMb", "maxRecordBytes", "storageWriteApiTriggeringFrequencySec", "numStorageWriteApiStreams",
      "useStorageApiConnectionPool",
    ])) == 0
    error_message = "streaming_job.parameters has a name that isn't a parameter of the template, or that other variables decide: inputSubscription, output, deadLetterDir, rejectedInput (delete_input), acceptedInput (always keep), deduplicationWindow (deduplication_window_days)."
  }
}

# Monitoring

variable "create_alerts" {
  description = "Make alert policies."
  type        = bool
  default     = true
}

variable "create_dashboard" {
  description = "Make a dashboard."
  type        = bool
  default     = true
}

variable "notification_channels" {
  description = "Who is told of alerts, as projects/P/notificationChannels/N. Empty: they are seen in the console only."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for channel in var.notification_channels : can(regex("^projects/[^/]+/notificationChannels/[0-9]+$", channel))])
    error_message = "notification_channels are projects/P/notificationChannels/N."
  }
}

variable "alert_minutes" {
  description = "How long a notification may wait in the subscription (backlog), and how long what was read may wait in a streaming job (lag), before there is an alert. Reading takes some seconds for each GB of a file."
  type = object({
    backlog = optional(number, 10)
    lag     = optional(number, 10)
  })
  default = {}
  validation {
    condition     = try(min(var.alert_minutes.backlog, var.alert_minutes.lag), 0) >= 1
    error_message = "alert_minutes are 1 or more."
  }
}
